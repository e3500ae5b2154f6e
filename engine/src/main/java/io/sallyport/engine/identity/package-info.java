/**
 * What the IKE machine must not see: private keys, certificates' chains, EAP methods, RADIUS, the pools of addresses. {@link
 * io.sallyport.engine.identity.Identities} answers its questions.
 */
@NullMarked
package io.sallyport.engine.identity;

import org.jspecify.annotations.NullMarked;
