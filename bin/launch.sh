# SPDX-License-Identifier: Apache-2.0
# Sourced by the launchers: starts a main class from the jars of a module.
#   launch MODULE MAIN_CLASS JVM_FLAGS ARGS...
# An AOT cache (JEP 514) beside the jars is made on first use and ignored when stale.

launch() {
  module=$1 main=$2 flags=$3
  shift 3
  sgcsign_find_java || exit 1
  lib=$root/$module/target/lib
  if ! ls "$root/$module/target/$module"-*.jar >/dev/null 2>&1; then
    echo "sgcsign: $module is not built yet; run ./quickstart or: mvn package -DskipTests" >&2
    exit 1
  fi
  classpath=
  for jar in "$root/$module/target/$module"-[0-9]*.jar "$lib"/*.jar; do
    case $jar in *-sources.jar | *-tests.jar) continue ;; esac
    classpath=$classpath${classpath:+:}$jar
  done
  cache=$root/$module/target/$module.aot
  if [ -f "$cache" ] && [ -z "$(find "$root/$module/target" -maxdepth 1 -name '*.jar' -newer "$cache")" ]; then
    flags="$flags -XX:AOTCache=$cache -Xlog:aot=off -Xlog:cds=off"
  elif [ -n "${SGCSIGN_AOT_TRAIN:-}" ]; then
    flags="$flags -XX:AOTCacheOutput=$cache -Xlog:aot=off -Xlog:cds=off"
  fi
  # shellcheck disable=SC2086 # flags are words
  exec "$SGCSIGN_JAVA" $flags --enable-native-access=ALL-UNNAMED ${SGCSIGN_JAVA_OPTS:-} \
    -cp "$classpath" "$main" "$@"
}
