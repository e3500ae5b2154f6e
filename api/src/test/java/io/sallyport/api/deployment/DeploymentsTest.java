package io.sallyport.api.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.World;
import io.sallyport.api.network.Desk;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

class DeploymentsTest {
    private static final String KEY = "NotARealSecret0123456789";

    private final DeskDrafts drafts = new DeskDrafts();

    private static ObjectNode template(String resources) {
        return Desk.json("{'properties':{'mode':'incremental','template':{'$schema':'x','contentVersion':'1.0.0.0',"
                + resources + "}}}");
    }

    private static ObjectNode siteToSite() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(DeploymentsTest.class.getResourceAsStream("site-to-site.template.json"))) {
            ObjectNode body = Desk.json("{'properties':{'mode':'Incremental','parameters':{'sites':{'value':[{'name':"
                    + "'branch','address':'192.0.2.2','prefixes':['10.2.0.0/16']}]},'sharedKey':{'value':'" + KEY
                    + "'}}}}");
            body.withObject("/properties").set("template", Desk.JSON.readTree(in));
            return body;
        }
    }

    @Test
    void whatAzSendsForAConnectionIsDeployed() {
        drafts.desk().put("virtualNetworks/hub", """
                {'location':'local','properties':{'addressSpace':{'addressPrefixes':['10.1.0.0/16']},
                 'subnets':[{'name':'GatewaySubnet','properties':{'addressPrefix':'10.1.255.0/27'}}]}}""");
        drafts.desk().put("publicIPAddresses/p1", "{'location':'local'}");
        drafts.desk().put("virtualNetworkGateways/gw", """
                {'location':'local','properties':{'gatewayType':'Vpn','ipConfigurations':[{'name':'a','properties':{
                 'publicIPAddress':{'id':'publicIPAddresses/p1'},
                 'subnet':{'id':'virtualNetworks/hub/subnets/GatewaySubnet'}}}]}}""");
        drafts.desk().put("localNetworkGateways/branch", """
                {'location':'local','properties':{'gatewayIpAddress':'198.51.100.7',
                 'localNetworkAddressSpace':{'addressPrefixes':['192.168.0.0/16']}}}""");
        ObjectNode body =
                Desk.json("""
                {'properties':{'mode':'incremental','parameters':{'sharedKey':{'value':'NotARealSecret0123456789'}},
                 'template':{'$schema':'https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#',
                 'contentVersion':'1.0.0.0','parameters':{'sharedKey':{'type':'securestring','metadata':{}}},'variables':{},
                 'resources':[{'type':'Microsoft.Network/connections','name':'c1','location':'local','tags':{},
                 'apiVersion':'2015-06-15','dependsOn':[],'properties':{
                 'virtualNetworkGateway1':{'id':'{G}virtualNetworkGateways/gw'},
                 'localNetworkGateway2':{'id':'{G}localNetworkGateways/branch'},'connectionType':'IPSec',
                 'enableBgp':false,'routingWeight':10,'usePolicyBasedTrafficSelectors':false,
                 'expressRouteGatewayBypass':null,'sharedKey':"[parameters('sharedKey')]"}}],
                 'outputs':{'resource':{'type':'object','value':"[reference('c1')]"}}}}}""".replace("\"[parameters('sharedKey')]\"", "'[parameters(\\u0027sharedKey\\u0027)]'")
                        .replace("\"[reference('c1')]\"", "'[reference(\\u0027c1\\u0027)]'"));
        ObjectNode answer = drafts.put("vpn_connection_deploy_1", body);
        assertThat(answer.at("/properties/provisioningState").asString("")).isEqualTo("Succeeded");
        assertThat(answer.at("/properties/outputs/resource/type").asString("")).isEqualTo("Object");
        assertThat(answer.at("/properties/outputs/resource/value/connectionType")
                        .asString(""))
                .isEqualTo("IPsec");
        assertThat(answer.toString()).doesNotContain(KEY);
        assertThat(drafts.desk().show("connections/c1").toString()).doesNotContain(KEY);
    }

    @Test
    void aTemplateOfAWholeSiteToSiteSetUpIsDeployedAtOnce() throws IOException {
        ObjectNode answer = drafts.put("whole", siteToSite());
        assertThat(answer.at("/properties/outputs/publicAddress/value").asString(""))
                .isEqualTo("192.0.2.1");
        assertThat(answer.at("/properties/sallyport/changed").size()).isEqualTo(5);
        assertThat(answer.toString()).doesNotContain(KEY);
        assertThat(drafts.desk()
                        .show("virtualNetworks/hub")
                        .at("/properties/subnets/1/properties/addressPrefix")
                        .asString(""))
                .isEqualTo("10.1.255.0/27");
        assertThat(drafts.get("").path("value").size()).isEqualTo(1);
        assertThat(drafts.get("whole/operations").path("value").size()).isEqualTo(5);
    }

    @Test
    void deployedTwiceItChangesNothingTheSecondTime() throws IOException {
        drafts.put("whole", siteToSite());
        ObjectNode again = drafts.put("whole", siteToSite());
        assertThat(again.at("/properties/sallyport/changed").size()).isZero();
    }

    @Test
    void aParameterThatIsNotAllowedIsRefusedByName() throws IOException {
        ObjectNode body = siteToSite();
        body.at("/properties/parameters").asObject().putObject("sku").put("value", "Huge");
        ArmError error = drafts.refused("PUT", "whole", body);
        assertThat(error.code()).isEqualTo("InvalidTemplate");
        assertThat(error.message()).contains("sku", "Huge", "VpnGw5AZ");
        assertThat(drafts.desk().ofType("Microsoft.Network/virtualNetworks")).isEmpty();
    }

    @Test
    void everyMistakeIsToldWithResourceAndProperty() {
        ObjectNode body = template("""
                'resources':[
                 {'type':'Microsoft.Network/virtualNetworks','apiVersion':'2024-05-01','name':'a','properties':{
                  'addressSpace':{'addressPrefixes':['10.0.0.1/8']}}},
                 {'type':'Microsoft.Network/localNetworkGateways','apiVersion':'2024-05-01','name':'b','properties':{
                  'gatewayIpAddress':'nowhere'}}]""");
        ArmError error = drafts.refused("PUT", "wrong", body);
        assertThat(error.code()).isEqualTo("InvalidTemplateDeployment");
        assertThat(error.details())
                .extracting(ArmError::target)
                .contains(
                        Desk.GROUP + "virtualNetworks/a#properties.addressSpace.addressPrefixes[0]",
                        Desk.GROUP + "localNetworkGateways/b#properties.gatewayIpAddress");
        assertThat(drafts.desk().written()).isEmpty();
    }

    @Test
    void unknownPropertiesAreWarningsAndMistakesWhenStrict() {
        ObjectNode body = template("""
                'resources':[{'type':'Microsoft.Network/virtualNetworks','apiVersion':'2024-05-01','name':'a',
                 'properties':{'adressSpace':{},'addressSpace':{'addressPrefixes':['10.0.0.0/8']}}}]""");
        ObjectNode answer = drafts.put("lenient", body);
        assertThat(answer.at("/properties/sallyport/warnings/0").asString(""))
                .isEqualTo("virtualNetworks/a: properties.adressSpace: unknown property; did you mean 'addressSpace'?");
        body.withObject("/properties").putObject("sallyport").put("strict", true);
        ArmError error = drafts.refused("PUT", "strict", body);
        assertThat(error.details().getFirst().target())
                .isEqualTo(Desk.GROUP + "virtualNetworks/a#properties.adressSpace");
    }

    @Test
    void aDeploymentIsAsFarAsItsResourcesAre() throws IOException {
        drafts.put("whole", siteToSite());
        drafts.desk().provision("connections/hub-to-branch", new World.Provision.Updating());
        ObjectNode running = drafts.get("whole");
        assertThat(running.at("/properties/provisioningState").asString("")).isEqualTo("Running");
        assertThat(running.at("/properties/outputs").isMissingNode()).isTrue();
        drafts.desk().provision("connections/hub-to-branch", new World.Provision.Failed("NotSupported", "because"));
        ObjectNode failed = drafts.get("whole");
        assertThat(failed.at("/properties/provisioningState").asString("")).isEqualTo("Failed");
        assertThat(failed.at("/properties/error/details/0/message").asString(""))
                .isEqualTo("because");
    }

    @Test
    void aTemplateWithAKeyInItIsSealedAndShownOnlyWhenExported() throws Exception {
        ObjectNode body = siteToSite();
        body.at("/properties/template/resources/4/properties").asObject().put("sharedKey", "Literal0123456789abc");
        ObjectNode answer = drafts.put("whole", body);
        assertThat(answer.toString()).doesNotContain("Literal0123456789abc");
        assertThat(drafts.desk()
                        .find(io.sallyport.api.arm.ArmId.parse(answer.path("id").asString(""))
                                .orElseThrow())
                        .orElseThrow()
                        .body()
                        .toString())
                .doesNotContain("Literal0123456789abc");
    }

    @Test
    void anOutputThatWouldShowASecretIsRefused() throws IOException {
        ObjectNode body = siteToSite();
        body.at("/properties/template/outputs")
                .asObject()
                .putObject("key")
                .put("type", "string")
                .put("value", "[concat('x', parameters('sharedKey'))]");
        ArmError error = drafts.refused("PUT", "whole", body);
        assertThat(error.message()).contains("outputs.key", "sharedKey").doesNotContain(KEY);
    }

    @Test
    void validatingAndLookingAheadStoreNothing() throws Exception {
        var valid = drafts.ask("POST", "whole/validate", siteToSite());
        assertThat(valid.toString()).contains("validatedResources").doesNotContain(KEY);
        var ahead = drafts.ask("POST", "whole/whatIf", siteToSite());
        assertThat(ahead.toString()).contains("Create").doesNotContain(KEY);
        assertThat(drafts.desk().written()).isEmpty();
        assertThat(drafts.refused("GET", "whole", MissingNode.getInstance()).status())
                .isEqualTo(404);
    }

    @Test
    void whatIsNotSupportedIsRefusedByName() {
        for (List<String> each : List.of(
                List.of("'resources':[{'type':'Microsoft.Resources/deployments','name':'x'}]", "scope inner"),
                List.of("'functions':[{}],'resources':[]", "functions"),
                List.of("'resources':[],'outputs':{'x':{'type':'string','value':'[newGuid()]'}}", "newGuid()"),
                List.of(
                        "'resources':[],'outputs':{'x':{'type':'string','value':'[conat()]'}}",
                        "did you mean concat()"))) {
            assertThat(drafts.refused("PUT", "x", template(each.get(0))).message())
                    .contains(each.get(1));
        }
        ObjectNode complete = template("'resources':[]");
        complete.withObject("/properties").put("mode", "Complete");
        assertThat(drafts.refused("PUT", "x", complete).code()).isEqualTo("NotSupported");
    }

    @Test
    void aModuleIsPartOfTheDeploymentThatHoldsIt() {
        ObjectNode answer = drafts.put("outer", template("""
                'variables':{'space':'10.60.0.0/16'},'resources':[
                 {'type':'Microsoft.Resources/deployments','apiVersion':'2022-09-01','name':'inner','properties':{
                  'mode':'Incremental','expressionEvaluationOptions':{'scope':'inner'},
                  'parameters':{'space':{'value':'[variables(\\u0027space\\u0027)]'}},
                  'template':{'parameters':{'space':{'type':'string'}},'resources':[
                   {'type':'Microsoft.Network/virtualNetworks','apiVersion':'2024-05-01','name':'modular','properties':{
                    'addressSpace':{'addressPrefixes':['[parameters(\\u0027space\\u0027)]']}}}],
                   'outputs':{'name':{'type':'string','value':'modular'}}}}}],
                'outputs':{'made':{'type':'string','value':'[reference(\\u0027inner\\u0027).outputs.name.value]'}}"""));
        assertThat(answer.at("/properties/outputs/made/value").asString("")).isEqualTo("modular");
        assertThat(drafts.desk().show("virtualNetworks/modular").toString()).contains("10.60.0.0/16");
    }
}
