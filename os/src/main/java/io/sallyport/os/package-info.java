/**
 * What only native code can do on Linux: TUN devices, batched sockets, network namespaces, routes, and the cipher library.
 * All foreign functions of Sallyport are linked here. Pointers are passed as plain numbers: the memory behind them belongs
 * to the object that makes the call, and the linker need not check each one's life.
 */
package io.sallyport.os;
