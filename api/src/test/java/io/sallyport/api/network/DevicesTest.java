package io.sallyport.api.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.network.device.DeviceModel;
import io.sallyport.api.network.device.DeviceModels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

class DevicesTest {
    private final Desk desk = new Desk().lends("192.0.2.1", "192.0.2.2");

    @BeforeEach
    void setUp() {
        SiteToSiteTest.setUp(desk);
    }

    static List<DeviceModel> models() {
        return DeviceModels.all();
    }

    private String script(DeviceModel model) throws Refused {
        ArmResource connection = desk.find(Desk.id("connections/c1")).orElseThrow();
        ObjectNode body = Desk.JSON.createObjectNode();
        body.put("vendor", model.vendor()).put("deviceFamily", model.family()).put("firmwareVersion", model.firmware());
        Operation.Outcome outcome = Devices.script(new Operation.Call(connection, Map.of(), Map.of(), body, desk));
        return ((Operation.Outcome.Answer) outcome).body().asString("");
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyScriptHoldsWhatTheConnectionSays(DeviceModel model) throws Refused {
        String text = script(model);
        assertThat(text)
                .contains("192.0.2.1", "10.1.0.0", "CLEANUP", "connections/c1")
                .doesNotContain("{{", "}}");
        // strongSwan and Libreswan take the key as base64.
        assertThat(text).containsAnyOf("Abc123Def456Ghi789", "QWJjMTIzRGVmNDU2R2hpNzg5");
        assertThat(text.indexOf('|'))
                .as("words of several parts are written with blanks")
                .isIn(-1, text.indexOf("trap|start") + 4, text.indexOf("| Format-List"));
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyScriptCanBeMadeForACustomPolicyOrSaysWhyNot(DeviceModel model) {
        ObjectNode body = Desk.json(SiteToSiteTest.CONNECTION);
        body.withObject("/properties").set("ipsecPolicies", Desk.JSON.readTree("""
                [{"saLifeTimeSeconds":7200,"saDataSizeKilobytes":102400000,"ipsecEncryption":"AES256",
                "ipsecIntegrity":"SHA256","ikeEncryption":"AES256","ikeIntegrity":"SHA256","dhGroup":"DHGroup14",
                "pfsGroup":"PFS2048"}]"""));
        desk.put("connections/c1", body.toString());
        try {
            assertThat(script(model)).contains("192.0.2.1").doesNotContain("{{");
        } catch (Refused e) {
            throw new AssertionError(e.error().message(), e);
        }
    }

    @Test
    void aPolicyThatTheDeviceLacksIsRefusedByName() {
        ObjectNode body = Desk.json(SiteToSiteTest.CONNECTION);
        body.withObject("/properties").set("ipsecPolicies", Desk.JSON.readTree("""
                [{"saLifeTimeSeconds":7200,"saDataSizeKilobytes":102400000,"ipsecEncryption":"GCMAES256",
                "ipsecIntegrity":"GCMAES256","ikeEncryption":"AES256","ikeIntegrity":"SHA256","dhGroup":"ECP384",
                "pfsGroup":"ECP384"}]"""));
        desk.put("connections/c1", body.toString());
        DeviceModel old = DeviceModels.find("Juniper", "Juniper_SSG", "").orElseThrow();
        try {
            throw new AssertionError(script(old));
        } catch (Refused e) {
            assertThat(e.error().code()).isEqualTo("VpnDeviceCannotDoPolicy");
        }
    }

    @Test
    void theListNamesEveryDevice() {
        assertThat(DeviceModels.xml())
                .contains("strongSwan", "swanctl", "Juniper_SRX", "RouterOS")
                .startsWith("<RpVpn");
    }
}
