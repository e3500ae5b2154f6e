package io.sallyport.model;

import io.sallyport.base.Secret;
import io.sallyport.model.document.ArmName;
import io.sallyport.model.document.Form;
import io.sallyport.model.document.Placed;
import io.sallyport.wire.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code properties.sallyport.clients} of a gateway: what point-to-site needs and Azure does by itself or does not have.
 *
 * @param certificate the name of the key and chain with which the gateway proves itself to clients
 * @param identity what the gateway calls itself to them; absent: its public address
 * @param users for EAP-MSCHAPv2 and XAuth
 * @param eap methods that are offered to clients without RADIUS, best first
 * @param reauthenticationSeconds after which clients prove themselves anew
 * @param dns servers; empty: those of the VNet
 * @param dnsDomains those that the servers are for; empty: all names
 * @param radiusWithoutMessageAuthenticator servers whose answers to passwords count without one (CVE-2024-3596)
 * @param sharedKey of the group of IKEv1 clients; present: they may come, by XAuth
 * @param aggressiveMode IKEv1 clients may use it
 * @param machineFirst users prove themselves after their machine has done so by its certificate (RFC 4739)
 * @param eapOnly this gateway shows users nothing but what EAP-TLS shows (RFC 5998)
 */
public record ClientOptions(
        Optional<String> certificate,
        Optional<String> identity,
        List<User> users,
        List<String> eap,
        Revocation revocation,
        Optional<Integer> reauthenticationSeconds,
        List<Address> dns,
        List<String> dnsDomains,
        boolean radiusAccounting,
        List<Address> radiusWithoutMessageAuthenticator,
        Optional<Secret> sharedKey,
        boolean aggressiveMode,
        boolean machineFirst,
        boolean eapOnly) {
    private static final int REAUTHENTICATION_MIN = 60;
    private static final int REAUTHENTICATION_MAX = 31_536_000;
    private static final int USERS_MAX = 10_000;

    static final ClientOptions NONE = new ClientOptions(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            Revocation.OFF,
            Optional.empty(),
            List.of(),
            List.of(),
            false,
            List.of(),
            Optional.empty(),
            false,
            false,
            false);

    public ClientOptions {
        users = List.copyOf(users);
        eap = List.copyOf(eap);
        dns = List.copyOf(dns);
        dnsDomains = List.copyOf(dnsDomains);
        radiusWithoutMessageAuthenticator = List.copyOf(radiusWithoutMessageAuthenticator);
    }

    public record User(String name, Secret password) {}

    /** Whether CRLs and OCSP are asked about clients' certificates. */
    public enum Revocation implements ArmName {
        OFF("off"),
        IF_POSSIBLE("ifPossible"),
        REQUIRED("required");

        private final String armName;

        Revocation(String armName) {
            this.armName = armName;
        }

        @Override
        public String armName() {
            return armName;
        }
    }

    static ClientOptions read(Form form) {
        Optional<String> certificate =
                form.parsed("certificate", CertificateProof::credential).map(Placed::value);
        Optional<String> identity = form.text("identity");
        List<User> users = new ArrayList<>();
        for (Form each : form.forms("users")) {
            Optional<String> name = each.requiredText("name");
            Optional<Secret> password = each.secretText("password").map(found -> Secret.utf8(found.value()));
            if (password.isEmpty()) {
                each.missing("password", "missing; it is required");
            }
            each.finishStrictly();
            if (name.isPresent() && password.isPresent()) {
                users.add(new User(name.get(), password.get()));
            }
        }
        if (users.size() > USERS_MAX) {
            form.wrong(
                    "users", "found " + users.size() + " users; allowed: " + USERS_MAX + "; more belong into RADIUS");
        }
        List<String> eap = form.parsedList("eap", Sallyport::eapMethod).stream()
                .map(Placed::value)
                .toList();
        Revocation revocation = form.choice("revocation", Revocation.class).orElse(Revocation.OFF);
        Optional<Integer> seconds = form.number("reauthenticationSeconds", REAUTHENTICATION_MIN, REAUTHENTICATION_MAX)
                .map(Math::toIntExact);
        List<Address> dns = form.parsedList("dns", Address::parse).stream()
                .map(Placed::value)
                .toList();
        List<String> domains = form.parsedList("dnsDomains", ClientOptions::domain).stream()
                .map(Placed::value)
                .toList();
        boolean accounting = form.flag("radiusAccounting");
        List<Address> unprotected = form.parsedList("radiusWithoutMessageAuthenticator", Address::parse).stream()
                .map(Placed::value)
                .toList();
        if (!unprotected.isEmpty()) {
            form.hint(
                    "radiusWithoutMessageAuthenticator",
                    "whoever sits between can let anybody in who shows a password (CVE-2024-3596); let the server add a"
                            + " Message-Authenticator to every answer");
        }
        Optional<Secret> key = form.secretText("sharedKey").map(found -> Secret.utf8(found.value()));
        boolean aggressive = form.flag("aggressiveMode");
        if (aggressive) {
            form.hint(
                    "aggressiveMode",
                    "whoever records one handshake of aggressive mode can guess the shared key offline; let clients use"
                            + " IKEv2");
        }
        boolean machineFirst = form.flag("machineFirst");
        boolean eapOnly = form.flag("eapOnly");
        if (eapOnly && !eap.equals(List.of("EAP-TLS"))) {
            form.wrong("eapOnly", "found true; it goes with eap: [EAP-TLS], which alone proves both ends");
        }
        form.finishStrictly();
        return new ClientOptions(
                certificate,
                identity,
                users,
                eap,
                revocation,
                seconds,
                dns,
                domains,
                accounting,
                unprotected,
                key,
                aggressive,
                machineFirst,
                eapOnly);
    }

    private static String domain(String text) {
        if (!text.matches("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?")) {
            throw new IllegalArgumentException("'" + text + "'; allowed: a domain name such as corp.example");
        }
        return text;
    }
}
