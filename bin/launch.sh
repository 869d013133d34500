# SPDX-License-Identifier: Apache-2.0
# Sourced by the launchers: starts a main class from the jars of a module.
#   launch MODULE MAIN_CLASS JVM_FLAGS ARGS...     $training: more flags for the rehearsal
#                                                  $late: more flags for other starts
#
# The first start has a JVM in the background rehearse what usually happens and keep its classes and
# profiles as an AOT cache (JEP 514); later starts take half the time. The cache lies beside the
# jars or, where that folder is not writable, in the user's cache folder. Nothing here may fail or
# say anything: a JVM ignores a cache that does not fit its jars, flags or version.
# SGCSIGN_AOT=off neither makes nor uses one.

launch() {
  module=$1 main=$2 flags=$3
  shift 3
  sgcsign_find_java || exit 1
  target=$root/$module/target
  classpath=
  for jar in "$target/$module"-[0-9]*.jar "$target/lib"/*.jar; do
    case $jar in *-sources.jar | *-tests.jar) continue ;; esac
    [ -f "$jar" ] && classpath=$classpath${classpath:+:}$jar
  done
  case $classpath in
    "$target/$module"-*) ;;
    *)
      echo "sgcsign: $module is not built yet; run ./quickstart or: mvn package -DskipTests" >&2
      exit 1
      ;;
  esac
  flags="$flags --enable-native-access=ALL-UNNAMED"
  cache=
  [ "${SGCSIGN_AOT:-}" = off ] || sgcsign_aot
  # shellcheck disable=SC2086 # flags are words
  exec "$SGCSIGN_JAVA" $flags ${late:-} ${cache:+"-XX:AOTCache=$cache" -Xlog:aot=off -Xlog:cds=off} \
    ${SGCSIGN_JAVA_OPTS:-} -cp "$classpath" "$main" "$@"
}

# Sets $cache if there is a cache that fits; else has one made.
sgcsign_aot() {
  # another JDK, other flags or jars of other names: another cache
  key=$({ echo "$SGCSIGN_JAVA $flags $classpath" && cat "$sgcsign_home/release"; } 2>&1 | cksum)
  name=$module-${key%% *}.aot
  for folder in "$target" "${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/sgcsign"; do
    # a JVM believes its cache: as much as the jars, or our own; not one in a home that sudo kept
    # shellcheck disable=SC3067 # dash, ash, bash and ksh know -O
    if [ -f "$folder/$name" ] && { [ "$folder" = "$target" ] || [ -O "$folder/$name" ]; }; then
      [ -n "$(find "$target" -maxdepth 2 -name '*.jar' -newer "$folder/$name" 2>&1)" ] || {
        # an empty one could not be made: nobody tries again until something changes
        [ -s "$folder/$name" ] && cache=$folder/$name
        return 0
      }
    fi
  done
  # a grandchild: whoever waits for this command does not wait for it
  (sgcsign_rehearse </dev/null >/dev/null 2>&1 &)
}

# One rehearsal at a time; a finished cache takes its place in one step.
sgcsign_rehearse() {
  [ -w "$target" ] && folder=$target
  (umask 077 && mkdir -p "$folder") || return
  lock=$folder/$module.aot-lock
  # a rehearsal takes seconds: an older lock was left behind
  find "$lock" -maxdepth 0 -mmin +5 -exec rm -rf {} \;
  mkdir "$lock" || return
  cd "$lock" || return
  # shellcheck disable=SC2086 # flags are words
  nice -n 19 "$SGCSIGN_JAVA" $flags ${training:-} "-XX:AOTCacheOutput=$lock/cache" \
    -cp "$classpath" "$main" rehearse
  [ -s cache ] || : >cache
  rm -f "$folder/$module"-*.aot
  mv -f "$lock/cache" "$folder/$name"
  rm -rf "$lock"
}
