/**
 * What the processes that are timed start with. Node 20 reads the certificates that this variable names whenever it
 * starts, which takes 30 ms, though nothing here opens a connection; later versions wait until something does.
 */
delete process.env.NODE_EXTRA_CA_CERTS;
