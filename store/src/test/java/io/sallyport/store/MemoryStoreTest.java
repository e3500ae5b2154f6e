package io.sallyport.store;

/** The store in memory does what every store does. */
class MemoryStoreTest extends StoreContract {
    @Override
    Store open() {
        return new MemoryStore();
    }
}
