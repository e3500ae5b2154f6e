package io.sallyport.api.arm;

/** Begins drafts and stores them. */
public interface Drafts {
    Draft begin();

    /**
     * Stores everything of a draft in one commit.
     *
     * @param who did it, for the log of changes
     * @return the store's revision, with which {@link World#provision} can be asked whether the engine has followed
     * @throws Refused when another change came first (412, or 409 when the client named no ETag) or the store cannot write (503)
     */
    long commit(Draft draft, String who) throws Refused;
}
