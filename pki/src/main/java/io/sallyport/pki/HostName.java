package io.sallyport.pki;

import java.util.Locale;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * A name under which the API is called: of a host, or an IP address.
 *
 * @param text in lower case
 */
public record HostName(String text, boolean isAddress) {
    private static final Pattern IPV4 =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    private static final Pattern DNS =
            Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?){0,20}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]*:[0-9a-f:.]*");

    /**
     * Reads a name as a person writes it.
     *
     * @throws IllegalArgumentException with a clear sentence when it is none
     */
    public static HostName of(String written) {
        String text = written.trim().toLowerCase(Locale.ROOT);
        if (IPV4.matcher(text).matches() || IPV6.matcher(text).matches()) {
            return new HostName(text, true);
        }
        if (!DNS.matcher(text).matches()) {
            throw new IllegalArgumentException("found '" + written + "'; allowed: a host name or an IP address");
        }
        return new HostName(text, false);
    }

    GeneralName alternative() {
        return new GeneralName(isAddress ? GeneralName.iPAddress : GeneralName.dNSName, text);
    }

    GeneralName constraint() {
        String whole = text.contains(":") ? text + "/128" : text + "/32";
        return isAddress ? new GeneralName(GeneralName.iPAddress, whole) : new GeneralName(GeneralName.dNSName, text);
    }
}
