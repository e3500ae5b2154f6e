package io.sallyport.model;

import io.sallyport.base.Secret;
import io.sallyport.model.document.Form;
import io.sallyport.model.document.Placed;
import java.util.List;
import java.util.Optional;

/**
 * The group {@code properties.sallyport}: what Azure does not have. It is ours alone, so unknown names are refused.
 *
 * @param replayWindow packets, a multiple of 64
 */
record Sallyport(
        Optional<CryptoProfile> cryptoProfile,
        Optional<Integer> replayWindow,
        Optional<Encapsulation> encapsulation,
        Optional<String> localIdentity,
        Optional<String> remoteIdentity,
        Connection.Roaming roaming,
        Connection.Ikev1 ikev1,
        Optional<ClientOptions> clients) {
    /** Fewer would drop what an ordinary network reorders; more is memory without use. */
    private static final int WINDOW_MIN = 64;

    private static final int WINDOW_MAX = 65_536;
    private static final int IDENTITY_MAX = 255;
    /** Sooner would be a denial of service against oneself, later would be never. */
    private static final int REAUTHENTICATION_MIN = 60;

    private static final int REAUTHENTICATION_MAX = 31_536_000;

    private static final Sallyport NONE = new Sallyport(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Connection.Roaming.NONE,
            Connection.Ikev1.NONE,
            Optional.empty());

    /** @param ofConnection and not of a gateway */
    static Sallyport read(Form properties, boolean ofConnection) {
        Optional<Form> present = properties.form("sallyport");
        if (present.isEmpty()) {
            return NONE;
        }
        Form form = present.get();
        Optional<CryptoProfile> profile = form.choice("cryptoProfile", CryptoProfile.class);
        Optional<Integer> window =
                form.number("replayWindow", WINDOW_MIN, WINDOW_MAX).map(Math::toIntExact);
        Optional<Encapsulation> encapsulation = form.choice("encapsulation", Encapsulation.class);
        Optional<String> local = Optional.empty();
        Optional<String> remote = Optional.empty();
        Connection.Roaming roaming = Connection.Roaming.NONE;
        Connection.Ikev1 ikev1 = Connection.Ikev1.NONE;
        Optional<ClientOptions> clients = Optional.empty();
        if (ofConnection) {
            local = identity(form, "localIdentity");
            remote = identity(form, "remoteIdentity");
            roaming = new Connection.Roaming(
                    form.flag("mobike"),
                    form.number("reauthenticationSeconds", REAUTHENTICATION_MIN, REAUTHENTICATION_MAX)
                            .map(Math::toIntExact),
                    form.form("client").map(Sallyport::client));
            ikev1 = form.form("ikev1").map(Sallyport::ikev1).orElse(ikev1);
        } else {
            clients = form.form("clients").map(ClientOptions::read);
        }
        form.finishStrictly();
        return new Sallyport(profile, window, encapsulation, local, remote, roaming, ikev1, clients);
    }

    private static Connection.Client client(Form form) {
        List<String> families = form.parsedList("addresses", Sallyport::family).stream()
                .map(Placed::value)
                .toList();
        Optional<String> method = form.parsed("eap", Sallyport::eapMethod).map(Placed::value);
        Optional<Connection.User> user = Optional.empty();
        Optional<Secret> password = form.secretText("password").map(found -> Secret.utf8(found.value()));
        Optional<String> certificate =
                form.parsed("certificate", CertificateProof::credential).map(Placed::value);
        Optional<String> name = form.text("user");
        if (method.isPresent()) {
            if (name.isEmpty()) {
                form.missing("user", "missing; it goes with eap");
            }
            if (method.get().equals("EAP-TLS") ? certificate.isEmpty() : password.isEmpty()) {
                String wanted = method.get().equals("EAP-TLS") ? "certificate" : "password";
                form.missing(wanted, "missing; " + method.get() + " needs it");
            }
            boolean eapOnly = form.flag("eapOnly");
            if (eapOnly && !method.get().equals("EAP-TLS")) {
                form.wrong("eapOnly", "found true with eap " + method.get() + "; only EAP-TLS proves both ends");
            }
            user = Optional.of(new Connection.User(
                    method.get(), name.orElse(""), password, certificate, form.flag("machineFirst"), eapOnly));
        }
        form.finishStrictly();
        return new Connection.Client(families.contains("IPv4"), families.contains("IPv6"), user);
    }

    private static String family(String text) {
        for (String known : List.of("IPv4", "IPv6")) {
            if (known.equalsIgnoreCase(text)) {
                return known;
            }
        }
        throw new IllegalArgumentException("'" + text + "'; allowed: IPv4, IPv6");
    }

    static String eapMethod(String text) {
        for (String known : List.of("EAP-TLS", "EAP-MSCHAPv2")) {
            if (known.equalsIgnoreCase(text)) {
                return known;
            }
        }
        throw new IllegalArgumentException("'" + text + "'; allowed: EAP-TLS, EAP-MSCHAPv2");
    }

    private static Connection.Ikev1 ikev1(Form form) {
        boolean aggressive = form.flag("aggressiveMode");
        if (aggressive) {
            form.hint(
                    "aggressiveMode",
                    "whoever records one handshake of aggressive mode can guess its shared key offline; use main mode or"
                            + " IKEv2 where the device has it");
        }
        Optional<Connection.XauthUser> user = form.form("xauth").flatMap(x -> {
            Optional<String> name = x.requiredText("user");
            if (!x.has("password")) {
                x.missing("password", "missing; it is required");
            }
            Optional<Secret> password = x.secretText("password").map(found -> Secret.utf8(found.value()));
            x.finishStrictly();
            x.hint(
                    "user",
                    "XAuth proves a user only as far as the shared key before it is secret; IKEv2 with EAP is better");
            return name.isEmpty() || password.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Connection.XauthUser(name.get(), password.get()));
        });
        form.finishStrictly();
        return new Connection.Ikev1(aggressive, user);
    }

    private static Optional<String> identity(Form form, String name) {
        return form.placedText(name).flatMap(found -> {
            if (found.value().isBlank()
                    || found.value().length() > IDENTITY_MAX
                    || !found.value().chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
                form.wrong(
                        found,
                        "allowed: an address, a name, a mail address, a distinguished name such as CN=hub, or keyid:TEXT;"
                                + " printable ASCII, 1 to 255");
                return Optional.empty();
            }
            return Optional.of(found.value());
        });
    }
}
