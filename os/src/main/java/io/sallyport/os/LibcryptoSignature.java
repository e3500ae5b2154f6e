package io.sallyport.os;

import static io.sallyport.os.LibcryptoKey.require;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** Signs by OpenSSL 3, and checks ECDSA; the digest is the JDK's, and so is the check of RSA, which it does as fast. */
final class LibcryptoSignature extends SignatureSpi {
    private static final int PADDING_PKCS1 = 1;
    private static final int PADDING_PSS = 6;
    private static final int OCTETS_MAX = 2_048;
    /** The largest digest; ECDSA without one takes no more. */
    private static final int DIGEST_MAX = 64;

    /** Keys that sign live long; each is read once. */
    private static final Map<PrivateKey, LibcryptoKey> PRIVATE = Collections.synchronizedMap(new WeakHashMap<>());

    private enum Kind {
        ECDSA,
        ECDSA_PLAIN,
        RSA,
        PSS
    }

    private final Kind kind;
    private Optional<MessageDigest> digest;
    private final ByteArrayOutputStream undigested = new ByteArrayOutputStream();
    private Optional<PSSParameterSpec> parameters = Optional.empty();
    private @Nullable LibcryptoKey key;
    /** Checks RSA. */
    private Optional<Signature> checker = Optional.empty();
    /** Octets of each of the two numbers of an ECDSA signature. */
    private int width;

    private LibcryptoSignature(Kind kind, Optional<MessageDigest> digest) {
        this.kind = kind;
        this.digest = digest;
    }

    /**
     * @param digest as the JDK calls it; empty: what is given is a digest already
     * @param plain the two numbers one after the other (RFC 4754 section 7), not in DER
     */
    static LibcryptoSignature ecdsa(String digest, boolean plain) throws NoSuchAlgorithmException {
        return new LibcryptoSignature(
                plain ? Kind.ECDSA_PLAIN : Kind.ECDSA,
                digest.isEmpty() ? Optional.empty() : Optional.of(MessageDigest.getInstance(digest)));
    }

    /** RFC 8017 section 8.2. */
    static LibcryptoSignature rsa(String digest) throws NoSuchAlgorithmException {
        return new LibcryptoSignature(Kind.RSA, Optional.of(MessageDigest.getInstance(digest)));
    }

    /** RFC 8017 section 8.1; which digest is said by the parameters. */
    static LibcryptoSignature pss() {
        return new LibcryptoSignature(Kind.PSS, Optional.empty());
    }

    @Override
    protected void engineInitSign(PrivateKey given) throws InvalidKeyException {
        if (isEcdsa()) {
            width = curve(given).width();
        } else if (!(given instanceof RSAKey rsa)
                || rsa.getModulus().bitLength() > 8 * OCTETS_MAX
                || rsa.getParams() != null) {
            // One that is bound to parameters of PSS is the JDK's business.
            throw new InvalidKeyException("not a plain RSA key");
        }
        LibcryptoKey known = PRIVATE.get(given);
        if (known == null) {
            known = read(given);
            PRIVATE.put(given, known);
        }
        begin(known);
    }

    private static LibcryptoKey read(PrivateKey given) throws InvalidKeyException {
        byte @Nullable [] encoded = given.getEncoded();
        if (encoded == null) {
            throw new InvalidKeyException("the key cannot be read");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment octets = arena.allocateFrom(ValueLayout.JAVA_BYTE, encoded);
            MemorySegment at = arena.allocateFrom(ValueLayout.JAVA_LONG, octets.address());
            long pointer = Libcrypto.privateKey(at.address(), encoded.length);
            octets.fill((byte) 0);
            if (pointer == 0) {
                Libcrypto.clearErrors();
                throw new InvalidKeyException("OpenSSL cannot read the key");
            }
            return new LibcryptoKey(pointer);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    @Override
    protected void engineInitVerify(PublicKey given) throws InvalidKeyException {
        if (isEcdsa()) {
            LibcryptoCurve curve = curve(given);
            width = curve.width();
            begin(read((ECPublicKey) given, curve));
        } else {
            checker = Optional.of(jdk(given));
        }
    }

    private Signature jdk(PublicKey given) throws InvalidKeyException {
        try {
            Signature made = Signature.getInstance(kind == Kind.PSS ? "RSASSA-PSS" : name() + "withRSA", "SunRsaSign");
            made.initVerify(given);
            if (parameters.isPresent()) {
                made.setParameter(parameters.get());
            }
            return made;
        } catch (NoSuchAlgorithmException | NoSuchProviderException | InvalidAlgorithmParameterException e) {
            throw new InvalidKeyException(e);
        }
    }

    /** The digest, as OpenSSL and the JDK's signatures call it. */
    private String name() {
        return digest.orElseThrow().getAlgorithm().replace("-", "");
    }

    private static LibcryptoKey read(ECPublicKey given, LibcryptoCurve curve) throws InvalidKeyException {
        int width = curve.width();
        byte[] point = new byte[1 + 2 * width];
        // SEC 1 section 2.3.3: uncompressed.
        point[0] = 4;
        EcdsaEncoding.put(given.getW().getAffineX(), width, point, 1);
        EcdsaEncoding.put(given.getW().getAffineY(), width, point, 1 + width);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment octets = arena.allocateFrom(ValueLayout.JAVA_BYTE, point);
            LibcryptoKey made = new LibcryptoKey(require(Libcrypto.newKey(), "a key"));
            if (Libcrypto.copyParameters(made.pointer(), curve.sample().pointer()) <= 0
                    || Libcrypto.setEncodedPublicKey(made.pointer(), octets.address(), point.length) <= 0) {
                Libcrypto.clearErrors();
                throw new InvalidKeyException("the public point is not on its curve");
            }
            return made;
        }
    }

    private void begin(LibcryptoKey with) {
        key = with;
        checker = Optional.empty();
        digest.ifPresent(MessageDigest::reset);
        undigested.reset();
    }

    private boolean isEcdsa() {
        return kind == Kind.ECDSA || kind == Kind.ECDSA_PLAIN;
    }

    private static LibcryptoCurve curve(Key key) throws InvalidKeyException {
        if (!(key instanceof ECKey ec)) {
            throw new InvalidKeyException("not an elliptic curve's key");
        }
        return LibcryptoCurve.of(ec.getParams())
                .orElseThrow(() -> new InvalidKeyException("the curve is none of P-256, P-384 and P-521"));
    }

    @Override
    protected void engineUpdate(byte b) throws SignatureException {
        engineUpdate(new byte[] {b}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] octets, int from, int length) throws SignatureException {
        if (checker.isPresent()) {
            checker.get().update(octets, from, length);
        } else if (digest.isPresent()) {
            digest.get().update(octets, from, length);
        } else if (kind == Kind.PSS) {
            throw new SignatureException("RSASSA-PSS needs its parameters first");
        } else if (undigested.size() + length > DIGEST_MAX) {
            throw new SignatureException("a digest of more than " + DIGEST_MAX + " octets");
        } else {
            undigested.write(octets, from, length);
        }
    }

    private byte[] digested() throws SignatureException {
        if (kind == Kind.PSS && digest.isEmpty()) {
            throw new SignatureException("RSASSA-PSS needs its parameters first");
        }
        byte[] octets = digest.isPresent() ? digest.get().digest() : undigested.toByteArray();
        undigested.reset();
        return octets;
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
        LibcryptoKey with = begun();
        byte[] digested = digested();
        long context = require(Libcrypto.newContextOf(with.pointer()), "a context");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment signature = arena.allocate(OCTETS_MAX);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_LONG, OCTETS_MAX);
            MemorySegment in = arena.allocateFrom(ValueLayout.JAVA_BYTE, digested);
            require(Libcrypto.signInit(context), "signature");
            if (!isEcdsa()) {
                prepareRsa(context, arena);
            }
            require(
                    Libcrypto.sign(context, signature.address(), length.address(), in.address(), digested.length),
                    "signature");
            byte[] made =
                    signature.asSlice(0, length.get(ValueLayout.JAVA_LONG, 0)).toArray(ValueLayout.JAVA_BYTE);
            return kind == Kind.ECDSA_PLAIN ? EcdsaEncoding.plain(made, width) : made;
        } catch (IllegalStateException e) {
            throw new SignatureException(e.getMessage(), e);
        } finally {
            Libcrypto.freeContext(context);
            Reference.reachabilityFence(with);
        }
    }

    private void prepareRsa(long context, Arena arena) {
        long algorithm = require(Libcrypto.digest(arena.allocateFrom(name()).address()), "digest");
        require(Libcrypto.rsaPadding(context, kind == Kind.PSS ? PADDING_PSS : PADDING_PKCS1), "padding");
        require(Libcrypto.signatureDigest(context, algorithm), "digest");
        if (kind == Kind.PSS) {
            require(Libcrypto.pssSalt(context, parameters.orElseThrow().getSaltLength()), "salt");
        }
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
        if (checker.isPresent()) {
            return checker.get().verify(signature);
        }
        LibcryptoKey with = begun();
        byte[] digested = digested();
        if (kind == Kind.ECDSA_PLAIN && signature.length != 2 * width) {
            throw new SignatureException("a signature of " + signature.length + " octets, not " + 2 * width);
        }
        byte[] checked = kind == Kind.ECDSA_PLAIN ? EcdsaEncoding.der(signature) : signature;
        if (checked.length > OCTETS_MAX) {
            throw new SignatureException("a signature of " + checked.length + " octets");
        }
        long context = require(Libcrypto.newContextOf(with.pointer()), "a context");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocateFrom(ValueLayout.JAVA_BYTE, digested);
            MemorySegment of = arena.allocateFrom(ValueLayout.JAVA_BYTE, checked);
            require(Libcrypto.verifyInit(context), "check");
            int result = Libcrypto.verify(context, of.address(), checked.length, in.address(), digested.length);
            Libcrypto.clearErrors();
            return result == 1;
        } catch (IllegalStateException e) {
            throw new SignatureException(e.getMessage(), e);
        } finally {
            Libcrypto.freeContext(context);
            Reference.reachabilityFence(with);
        }
    }

    private LibcryptoKey begun() throws SignatureException {
        LibcryptoKey with = key;
        if (with == null) {
            throw new SignatureException("there is no key yet");
        }
        return with;
    }

    @Override
    protected void engineSetParameter(@Nullable AlgorithmParameterSpec given)
            throws InvalidAlgorithmParameterException {
        if (kind != Kind.PSS && given == null) {
            return;
        }
        if (kind != Kind.PSS
                || !(given instanceof PSSParameterSpec pss)
                || !pss.getMGFAlgorithm().equals("MGF1")
                || pss.getTrailerField() != PSSParameterSpec.TRAILER_FIELD_BC
                || !(pss.getMGFParameters() instanceof java.security.spec.MGF1ParameterSpec mask)
                || !mask.getDigestAlgorithm().equals(pss.getDigestAlgorithm())) {
            throw new InvalidAlgorithmParameterException("the parameters are not those of RSASSA-PSS with one digest");
        }
        try {
            digest = Optional.of(MessageDigest.getInstance(pss.getDigestAlgorithm()));
            parameters = Optional.of(pss);
            if (checker.isPresent()) {
                checker.get().setParameter(pss);
            }
        } catch (NoSuchAlgorithmException e) {
            throw new InvalidAlgorithmParameterException(e);
        }
    }

    @Override
    protected @Nullable AlgorithmParameters engineGetParameters() {
        if (parameters.isEmpty()) {
            return null;
        }
        try {
            AlgorithmParameters encoded = AlgorithmParameters.getInstance("RSASSA-PSS");
            encoded.init(parameters.get());
            return encoded;
        } catch (NoSuchAlgorithmException | java.security.spec.InvalidParameterSpecException e) {
            throw new java.security.ProviderException(e);
        }
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
        throw new InvalidParameterException("no parameter has a name");
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
        throw new InvalidParameterException("no parameter has a name");
    }
}
