package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.StrongSwan;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** As a new user would: a template file with a whole site-to-site set-up, and one command. */
class AzureTemplateTest {
    private static final String KEY = "NotARealSecret0123456789";

    @Test
    void oneTemplateAndOneCommandMakeATunnel() {
        try (AzureLab lab = new AzureLab();
                StrongSwan _ = lab.strongSwan(KEY)) {
            Az az = Az.loggedIn(lab.hub(), lab.sallyport());
            Path template = Path.of("../docs/examples/site-to-site.template.json")
                    .toAbsolutePath()
                    .normalize();
            Path parameters = lab.lab().write("parameters.json", """
                    {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
                     "contentVersion": "1.0.0.0",
                     "parameters": {
                       "sites": {"value": [{"name": "branch", "address": "192.0.2.2", "prefixes": ["10.2.0.0/16"]}]},
                       "sharedKey": {"value": "%s"}}}""".formatted(KEY));
            az.must("group create -n net -l local");
            JsonNode deployment =
                    az.must("deployment group create -g net -n whole -f " + template + " -p @" + parameters);
            assertThat(deployment.at("/properties/outputs/publicAddress/value").asString(""))
                    .isEqualTo("192.0.2.1");
            assertThat(deployment.toString()).doesNotContain(KEY);
            assertThat(lab.ping(20)).isPositive();
            assertThat(az.must("deployment group list -g net --query [].name").toString())
                    .contains("whole");
            assertThat(az.must("deployment group show -g net -n whole").toString())
                    .doesNotContain(KEY);
            assertThat(az.must("deployment operation group list -g net -n whole")
                            .size())
                    .isGreaterThanOrEqualTo(5);
            az.must("deployment group validate -g net -f " + template + " -p @" + parameters);
            Commands.Finished wrong = az.run(
                    "deployment",
                    "group",
                    "create",
                    "-g",
                    "net",
                    "-f",
                    template.toString(),
                    "-p",
                    "@" + parameters,
                    "sku=Huge");
            assertThat(wrong.exit()).isNotZero();
            assertThat(wrong.output()).contains("sku").contains("VpnGw5AZ");
            assertThat(lab.sallyport().log()).doesNotContain(KEY);
        }
    }
}
