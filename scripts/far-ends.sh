# What bench/handshakes and bench/tunnels share: namespaces with a link, and the resources of a gateway with many sites.
# Sourced after scripts/common.sh; $root is set.
bench_classes="$root/bench/target/classes"
for jar in "$root"/build/dist/lib/*.jar; do bench_classes+=":$jar"; done
I=sph$$i R=sph$$r
work=$(mktemp -d)
pids=()
take_down() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2> /dev/null || true; done
  pids=()
  ip netns del $I 2> /dev/null || true
  ip netns del $R 2> /dev/null || true
}
trap 'take_down; rm -rf "$work"' EXIT

link() {
  ip netns add $I; ip netns add $R
  ip link add vI netns $I type veth peer name vR netns $R
  ip -n $I addr add 192.0.2.2/24 dev vI; ip -n $R addr add 192.0.2.1/24 dev vR
  for ns in $I $R; do ip -n $ns link set lo up; done
  ip -n $I link set vI up; ip -n $R link set vR up
  ip -n $I route add local 10.99.0.0/16 dev lo
  ip -n $R route add 10.99.0.0/16 via 192.0.2.2
}

# Prints the resources: a gateway, then the sites FIRST to LAST with a connection each, at 10.99.0.1 and on.
resources() { # kind, connectionMode, first, last, properties of each connection
  python3 - "$1" "$2" "$3" "$4" "$work/root.pem" "${5:-}" <<'PY'
import sys, ipaddress
kind, mode, begin, end, root = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
more = '\n  ' + sys.argv[6] if sys.argv[6] else ''
print('''type: Microsoft.Network/virtualNetworks
name: hub
properties:
  addressSpace: { addressPrefixes: [10.1.0.0/16] }
  subnets:
    - { name: GatewaySubnet, properties: { addressPrefix: 10.1.255.0/27 } }
---
type: Microsoft.Network/publicIPAddresses
name: hub-ip
properties: { publicIPAllocationMethod: Static, ipAddress: 192.0.2.1 }
---
type: Microsoft.Network/virtualNetworkGateways
name: hub-gw
properties:
  gatewayType: Vpn
  vpnType: RouteBased
  sku: { name: VpnGw5AZ, tier: VpnGw5AZ }
  ipConfigurations:
    - name: default
      properties:
        subnet: { id: virtualNetworks/hub/subnets/GatewaySubnet }
        publicIPAddress: { id: publicIPAddresses/hub-ip }''')
proof = '  sharedKey: NotARealSecret0123456789'
own = ''
if kind != 'psk':
    der = ''.join(l.strip() for l in open(root) if '---' not in l)
    proof = f'''  authenticationType: Certificate
  certificateAuthentication:
    outboundAuthCertificate: hub
    inboundAuthCertificateSubjectName: branch.example
    inboundAuthCertificateChain: ["{der}"]'''
    own = ', localIdentity: hub.example'
first = ipaddress.ip_address('10.99.0.1')
for i in range(begin, end):
    a = first + i
    inner = a + 65536
    print(f'''---
type: Microsoft.Network/localNetworkGateways
name: s{i}
properties:
  gatewayIpAddress: {a}
  localNetworkAddressSpace: {{ addressPrefixes: [{inner}/32] }}
---
type: Microsoft.Network/connections
name: c{i}
properties:
  connectionType: IPsec
  connectionMode: {mode}
  virtualNetworkGateway1: {{ id: virtualNetworkGateways/hub-gw }}
  localNetworkGateway2: {{ id: localNetworkGateways/s{i} }}
{proof}{more}
  sallyport: {{ cryptoProfile: modern, encapsulation: udp{own} }}''')
PY
}

far_ends() { # NAME=VALUE...
  ip netns exec $I "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx512m --enable-native-access=ALL-UNNAMED -cp "$bench_classes" \
    io.sallyport.bench.FarEnds "$@"
}
