package io.sallyport.api.network.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** All kinds of device. */
public final class DeviceModels {
    private static final List<DeviceModel> ALL = List.of(
                    "strongswan",
                    "libreswan",
                    "sallyport",
                    "cisco-ios",
                    "cisco-asa-vti",
                    "cisco-asa-policy",
                    "juniper-srx",
                    "juniper-ssg",
                    "fortigate",
                    "paloalto",
                    "checkpoint",
                    "edgeos",
                    "vyos",
                    "mikrotik",
                    "pfsense",
                    "windows-rras",
                    "sonicwall")
            .stream()
            .map(DeviceModels::read)
            .toList();

    private DeviceModels() {}

    public static List<DeviceModel> all() {
        return ALL;
    }

    private static DeviceModel read(String name) {
        try (InputStream in = DeviceModels.class.getResourceAsStream(name + ".txt")) {
            if (in == null) {
                throw new IllegalStateException(name + ".txt is missing from the program");
            }
            return DeviceModel.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The one that is meant. The firmware may be left out, or be another than the text was written for: then the first
     * of the family is taken.
     */
    public static Optional<DeviceModel> find(String vendor, String family, String firmware) {
        List<DeviceModel> fitting = ALL.stream()
                .filter(m -> m.vendor().equalsIgnoreCase(vendor))
                .filter(m -> family.isEmpty() || m.family().equalsIgnoreCase(family))
                .toList();
        return fitting.stream()
                .filter(m -> m.firmware().equalsIgnoreCase(firmware))
                .findFirst()
                .or(() -> fitting.stream().findFirst());
    }

    /** The list as Azure's tools read it. */
    public static String xml() {
        StringBuilder out = new StringBuilder("<RpVpnDeviceList version=\"1.0\">");
        for (String vendor : distinct(ALL.stream().map(DeviceModel::vendor).toList())) {
            out.append("<Vendor name=\"").append(escaped(vendor)).append("\">");
            List<DeviceModel> ofVendor =
                    ALL.stream().filter(m -> m.vendor().equals(vendor)).toList();
            for (String family :
                    distinct(ofVendor.stream().map(DeviceModel::family).toList())) {
                out.append("<DeviceFamily name=\"").append(escaped(family)).append("\">");
                ofVendor.stream()
                        .filter(m -> m.family().equals(family))
                        .forEach(m -> out.append("<FirmwareVersion name=\"")
                                .append(escaped(m.firmware()))
                                .append("\" />"));
                out.append("</DeviceFamily>");
            }
            out.append("</Vendor>");
        }
        return out.append("</RpVpnDeviceList>").toString();
    }

    private static List<String> distinct(List<String> texts) {
        return List.copyOf(new TreeSet<>(texts));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
