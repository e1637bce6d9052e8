package io.lvsd.lab.guest;

import io.lvsd.ipvs.IpvsClient;
import io.lvsd.ipvs.IpvsContract;
import io.lvsd.ipvs.kernel.KernelIpvs;
import org.junit.jupiter.api.BeforeAll;

/** The kernel keeps the contract, in the guest's first namespace, where nothing else uses it. */
final class KernelContractTest extends IpvsContract {
    @BeforeAll
    static void makeSyncInterface() {
        Shell.ok("ip link show lvsync || { ip link add lvsync type dummy; ip addr add 10.99.0.1/24 dev lvsync; ip link"
                + " set lvsync up; }");
    }

    @Override
    protected String syncInterface() {
        return "lvsync";
    }

    @Override
    protected IpvsClient open() {
        return new KernelIpvs();
    }
}
