# SPDX-License-Identifier: Apache-2.0
# Finds a JDK >= 25 for the launchers. Sourced: sets SGCSIGN_JAVA or explains and fails.

sgcsign_java_version() {
  "$1" -XshowSettings:properties -version 2>&1 |
    sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p'
}

# The release file tells the version without starting a JVM.
sgcsign_is_new_enough() {
  [ -x "$1" ] || return 1
  sgcsign_home=$(dirname "$(dirname "$(readlink -f "$1" 2>/dev/null || echo "$1")")")
  sgcsign_v=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$sgcsign_home/release" 2>/dev/null)
  [ -n "$sgcsign_v" ] || sgcsign_v=$(sgcsign_java_version "$1")
  [ "${sgcsign_v:-0}" -ge 25 ]
}

sgcsign_usual_places() {
  for sgcsign_folder in /usr/lib/jvm /opt /opt/java "$HOME/.sdkman/candidates/java" "$HOME/.jdks"; do
    ls -d "$sgcsign_folder"/*/bin/java 2>/dev/null
  done
  ls -d /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java 2>/dev/null
}

sgcsign_first_new_enough() {
  for sgcsign_candidate in "$@"; do
    if [ -n "$sgcsign_candidate" ] && sgcsign_is_new_enough "$sgcsign_candidate"; then
      SGCSIGN_JAVA=$sgcsign_candidate
      export SGCSIGN_JAVA
      return 0
    fi
  done
  return 1
}

sgcsign_find_java() {
  sgcsign_first_new_enough "${SGCSIGN_JAVA_HOME:+$SGCSIGN_JAVA_HOME/bin/java}" \
    "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(command -v java 2>/dev/null)" && return 0
  # shellcheck disable=SC2046 # paths of JDKs are words
  sgcsign_first_new_enough $(sgcsign_usual_places) && return 0
  cat >&2 <<'MSG'
sgcsign needs Java 25 or later and found none.
  looked at: $SGCSIGN_JAVA_HOME, $JAVA_HOME, java on the PATH, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks
  to mend:   install a JDK 25 (Debian 13: apt install openjdk-25-jdk; or Eclipse Temurin 25),
             or point JAVA_HOME at one.
MSG
  return 1
}
