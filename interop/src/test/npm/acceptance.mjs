// A program with the Azure SDK for Node; arguments: endpoint, token, subscription, shared key, build or use.
import assert from "node:assert/strict";
import { NetworkManagementClient } from "@azure/arm-network";

const [endpoint, token, subscription, key, step] = process.argv.slice(2);
const group = "node";
const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3600e3 }) };
const client = new NetworkManagementClient(credential, subscription, {
  endpoint,
  credentialScopes: [endpoint + "/.default"],
});
const say = (what) => console.log("ok: " + what);

async function makeGroup() {
  const response = await fetch(`${endpoint}/subscriptions/${subscription}/resourcegroups/${group}?api-version=2021-04-01`, {
    method: "PUT",
    headers: { authorization: "Bearer " + token, "content-type": "application/json" },
    body: JSON.stringify({ location: "local" }),
  });
  assert.equal(response.status, 201);
}

async function build() {
  await makeGroup();
  const network = await client.virtualNetworks.beginCreateOrUpdateAndWait(group, "hub", {
    location: "local",
    addressSpace: { addressPrefixes: ["10.1.0.0/16"] },
    subnets: [{ name: "GatewaySubnet", addressPrefix: "10.1.255.0/27" }],
  });
  say("the network");
  const address = await client.publicIPAddresses.beginCreateOrUpdateAndWait(group, "hub-ip", {
    location: "local",
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
  });
  assert.equal(address.ipAddress, "192.0.2.1");
  say("the address");
  const gateway = await client.virtualNetworkGateways.beginCreateOrUpdateAndWait(group, "hub-gw", {
    location: "local",
    gatewayType: "Vpn",
    vpnType: "RouteBased",
    sku: { name: "VpnGw2", tier: "VpnGw2" },
    ipConfigurations: [
      {
        name: "default",
        privateIPAllocationMethod: "Dynamic",
        subnet: { id: network.subnets[0].id },
        publicIPAddress: { id: address.id },
      },
    ],
  });
  assert.equal(gateway.provisioningState, "Succeeded");
  say("the gateway");
  const site = await client.localNetworkGateways.beginCreateOrUpdateAndWait(group, "branch", {
    location: "local",
    gatewayIpAddress: "192.0.2.2",
    localNetworkAddressSpace: { addressPrefixes: ["10.2.0.0/16"] },
  });
  const connection = await client.virtualNetworkGatewayConnections.beginCreateOrUpdateAndWait(group, "hub-to-branch", {
    location: "local",
    connectionType: "IPsec",
    virtualNetworkGateway1: gateway,
    localNetworkGateway2: site,
    sharedKey: key,
  });
  assert.equal(connection.provisioningState, "Succeeded");
  say("the connection");
}

async function use() {
  const connection = await client.virtualNetworkGatewayConnections.get(group, "hub-to-branch");
  assert.equal(connection.connectionStatus, "Connected");
  assert.equal(connection.sharedKey, undefined);
  assert.equal((await client.virtualNetworkGatewayConnections.getSharedKey(group, "hub-to-branch")).value, key);
  say("the connection is up");
  const routes = await client.virtualNetworkGateways.beginGetLearnedRoutesAndWait(group, "hub-gw");
  assert.ok(routes.value.some((r) => r.network === "10.2.0.0/16"));
  say("routes");
  const names = [];
  for await (const each of client.virtualNetworks.list(group)) names.push(each.name);
  assert.deepEqual(names, ["hub"]);
  say("lists");
  await assert.rejects(client.virtualNetworkGateways.get(group, "nowhere"), (e) => e.statusCode === 404 && e.code === "ResourceNotFound");
  await assert.rejects(client.virtualNetworkGateways.beginDeleteAndWait(group, "hub-gw"), (e) => e.statusCode >= 400 && e.statusCode < 500);
  say("refusals");
  await client.virtualNetworkGatewayConnections.beginDeleteAndWait(group, "hub-to-branch");
  await client.virtualNetworkGateways.beginDeleteAndWait(group, "hub-gw");
  await client.localNetworkGateways.beginDeleteAndWait(group, "branch");
  await client.publicIPAddresses.beginDeleteAndWait(group, "hub-ip");
  await client.virtualNetworks.beginDeleteAndWait(group, "hub");
  say("deletes");
}

await (step === "build" ? build() : use());
say("done");
