package io.lvsd.ipvs.embedded;

import io.lvsd.ipvs.IpvsClient;
import io.lvsd.ipvs.IpvsContract;

/** The table that forwards by itself keeps the contract, on loopback addresses, which it can listen on. */
final class EmbeddedIpvsContractTest extends IpvsContract {
    @Override
    protected IpvsClient open() {
        return new EmbeddedIpvs(1, new EmbeddedLimits(100, 100, 100, 100), (_, _) -> false);
    }

    @Override
    protected String network() {
        return "127.77.0";
    }

    @Override
    protected byte[] address6() {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        return loopback;
    }

    @Override
    protected boolean forwardsPackets() {
        return false;
    }
}
