package io.sallyport.radius;

import io.sallyport.base.Secret;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.util.Optional;

/**
 * One server.
 *
 * @param endpoint its authentication port
 * @param score the higher is asked first
 * @param local address from which it is asked; absent: the kernel chooses
 * @param netns network namespace from which it is asked; absent: the process's own
 * @param requireMessageAuthenticator answers to passwords count only with a Message-Authenticator; answers to EAP always do
 */
public record RadiusServer(
        Endpoint endpoint,
        int accountingPort,
        Secret secret,
        int score,
        Optional<Address> local,
        Optional<String> netns,
        boolean requireMessageAuthenticator) {
    Endpoint accounting() {
        return new Endpoint(endpoint.address(), accountingPort);
    }
}
