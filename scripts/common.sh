# Shared by ./sallyport, ./check and the benchmarks: finding the tools, installing what is missing, building.
# Sourced, not run. $root is the repository.

say() { printf 'sallyport: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Sets JAVA_HOME to a JDK of release 25: what JAVA_HOME already says, then the places where systems put JDKs.
find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /opt/*jdk*25* "$HOME"/.sdkman/candidates/java/25* /Library/Java/JavaVirtualMachines/*25*/Contents/Home; do
    if [ -n "$home" ] && [ -x "$home/bin/javac" ] && grep -q '^JAVA_VERSION="25' "$home/release" 2>/dev/null; then
      export JAVA_HOME=$home
      return 0
    fi
  done
  die "needs a JDK 25 and found none: looked at JAVA_HOME (${JAVA_HOME:-not set}), /usr/lib/jvm, /opt and ~/.sdkman. Install one (for example Eclipse Temurin 25) or set JAVA_HOME."
}

# need COMMAND-OR-FILE:PACKAGE ... : installs the Debian packages whose command or file is not there.
need() {
  local pair missing=()
  for pair in "$@"; do
    case ${pair%%:*} in
      /*) compgen -G "${pair%%:*}" >/dev/null || missing+=("${pair#*:}") ;;
      *) command -v "${pair%%:*}" >/dev/null 2>&1 || missing+=("${pair#*:}") ;;
    esac
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null || { say "not installed, and there is no apt-get to install them with: ${missing[*]}"; return 1; }
  [ "$(id -u)" = 0 ] || { say "not installed, and only root can install them: ${missing[*]}"; return 1; }
  say "installing Debian packages: ${missing[*]}"
  { DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" ||
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; }; } >"$root/build/apt.log" 2>&1 ||
    { say "apt-get could not install them; the end of build/apt.log says why:"; tail -n 5 "$root/build/apt.log" >&2; return 1; }
}

# What the gateway itself and the demo use. A strongSwan that this installs is not left running: it would take ports 500
# and 4500 of this machine.
need_for_demo() {
  local had=yes
  [ -x /usr/sbin/charon-systemd ] || had=no
  need_for_demo_packages || return 1
  if [ $had = no ] && [ -d /run/systemd/system ]; then
    say "stopping and disabling the strongswan service that came with the package"
    systemctl disable --now strongswan >/dev/null 2>&1 || true
  fi
}

need_for_demo_packages() {
  need ip:iproute2 ping:iputils-ping iperf3:iperf3 unshare:util-linux '/usr/lib/*/libIPSec_MB.so.1:libipsec-mb1' \
    /usr/sbin/charon-systemd:charon-systemd swanctl:strongswan-swanctl \
    '/usr/lib/ipsec/plugins/libstrongswan-openssl.so:libstrongswan-standard-plugins' \
    '/usr/lib/ipsec/plugins/libstrongswan-chapoly.so:libstrongswan-extra-plugins' \
    '/usr/lib/ipsec/plugins/libstrongswan-kernel-libipsec.so:libcharon-extra-plugins'
}

# Besides: the peers and tools of the tests.
need_for_tests() {
  need_for_demo
  need python3:python3 tcpdump:tcpdump nft:nftables modprobe:kmod linux.uml:user-mode-linux \
    az:azure-cli bc:bc openssl:openssl curl:curl node:nodejs npm:npm sqlite3:sqlite3
  local had=yes
  [ -x /usr/sbin/iked ] && [ -x /usr/sbin/freeradius ] || had=no
  need pki:strongswan-pki charon-cmd:charon-cmd vpnc:vpnc ike-scan:ike-scan iked:openiked eapol_test:eapoltest freeradius:freeradius \
    '/usr/lib/ipsec/plugins/libstrongswan-eap-mschapv2.so:libcharon-extauth-plugins'
  # As with strongSwan: what these tests install is not to take this machine's ports.
  if [ $had = no ] && [ -d /run/systemd/system ]; then
    systemctl disable --now openiked freeradius >/dev/null 2>&1 || true
  fi
  need_libreswan
  need_for_node
}

# Libreswan's package drives strongSwan's away, so it is unpacked beside the system with the libraries it needs.
need_libreswan() {
  local here=$root/build/peers/libreswan
  [ -x "$here/usr/libexec/ipsec/pluto" ] && return 0
  say "unpacking Libreswan into build/peers (output in build/apt.log)"
  rm -rf "$here" && mkdir -p "$here/deb" && (
    cd "$here/deb" &&
      apt-get download libreswan libnss3 libnss3-tools libnspr4 libcap-ng0 libcurl3-nss libevent-core-2.1-7 \
        libevent-pthreads-2.1-7 libldap-2.5-0 libldns3 libunbound8 libsasl2-2 libssh2-1 librtmp1 libpsl5 libnghttp2-14 libbrotli1 &&
      for package in *.deb; do dpkg -x "$package" .. || exit 1; done
  ) >>"$root/build/apt.log" 2>&1 || { rm -rf "$here"; say "Libreswan could not be unpacked; the end of build/apt.log says why"; return 1; }
}

# The Azure SDK for Node, at the versions of the lock file.
need_for_node() {
  local here=$root/interop/src/test/npm
  [ "$here/node_modules/.package-lock.json" -nt "$here/package-lock.json" ] && return 0
  say "installing the Azure SDK for Node (output in build/npm.log)"
  (cd "$here" && npm ci --no-audit --no-fund) >"$root/build/npm.log" 2>&1 || { tail -n 5 "$root/build/npm.log" >&2; return 1; }
}

# What every java of ours is started with; the AOT cache fits only the same collector and class path.
java_options() {
  options=(-XX:+UseSerialGC -XX:TieredStopAtLevel=4 --enable-native-access=ALL-UNNAMED
    --sun-misc-unsafe-memory-access=deny)
  classpath=("-cp" "$root/build/dist/lib/*")
}

# Lets a gateway start once and answer a little, and keeps the classes it loaded (JEP 514): later starts take a third.
# Without the cache everything works the same, only slower.
train() {
  local work options classpath
  java_options
  work=$(mktemp -d)
  printf 'node: n1\npublicAddresses: []\n' >"$work/node.yaml"
  (
    "$JAVA_HOME/bin/java" "${options[@]}" -XX:AOTCacheOutput="$root/build/dist/sallyport.aot" "${classpath[@]}" \
      io.sallyport.app.Main serve --data "$work/data" --node "$work/node.yaml" --listen 127.0.0.1:0 >"$work/log" 2>&1 &
    gateway=$!
    for _ in $(seq 1 300); do grep -q 'sallyport: serving' "$work/log" && break; kill -0 $gateway 2>/dev/null || break; sleep 0.1; done
    port=$(sed -n 's|.*serving https://localhost:\([0-9]*\);.*|\1|p' "$work/log")
    if [ -n "$port" ] && command -v curl >/dev/null; then
      for path in /metadata/endpoints /subscriptions /providers; do
        curl -s -o /dev/null --cacert "$work/data/ca.crt" -H "Authorization: Bearer $(cat "$work/data/local-token")" \
          "https://localhost:$port$path?api-version=2022-12-01" || true
      done
    fi
    for verb in get status; do
      "$JAVA_HOME/bin/java" "${options[@]}" "${classpath[@]}" io.sallyport.app.Main $verb --data "$work/data" >/dev/null 2>&1 || true
    done
    kill $gateway 2>/dev/null || true
    wait $gateway || true
  ) >>"$root/build/build.log" 2>&1
  rm -rf "$work"
}

# Builds build/dist when a source is newer than it. The first time this downloads the dependencies.
build() {
  mkdir -p "$root/build"
  if [ -f "$root/build/dist/stamp" ] && [ -z "$(find "$root" -path "$root/build" -prune -o -name target -prune -o -path "$root/.git" -prune -o \
      \( -name '*.java' -o -name pom.xml -o -path '*/src/main/resources/*' \) -newer "$root/build/dist/stamp" -print -quit)" ]; then
    return 0
  fi
  command -v mvn >/dev/null || need mvn:maven || exit 1
  say "building (the first time takes a minute or two and downloads libraries; output in build/build.log)"
  (
    flock 9
    cd "$root" && mvn -q -B -T2 -pl app -am -Dunit.skip=true -Dspotless.check.skip=true package >build/build.log 2>&1 ||
      { tail -n 30 build/build.log >&2; die "the build failed; all of its output is in build/build.log"; }
    rm -rf build/dist.new && mkdir -p build/dist.new/lib
    cp app/target/lib/*.jar app/target/sallyport-app-*.jar build/dist.new/lib/
    touch build/dist.new/stamp
    rm -rf build/dist && mv build/dist.new build/dist
    train
  ) 9>"$root/build/lock"
}
