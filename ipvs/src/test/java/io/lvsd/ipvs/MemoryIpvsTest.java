package io.lvsd.ipvs;

/** The dry-run table keeps the contract. */
final class MemoryIpvsTest extends IpvsContract {
    @Override
    protected IpvsClient open() {
        return new MemoryIpvs();
    }
}
