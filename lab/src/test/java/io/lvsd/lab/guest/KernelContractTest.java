package io.lvsd.lab.guest;

import io.lvsd.ipvs.IpvsClient;
import io.lvsd.ipvs.IpvsContract;
import io.lvsd.ipvs.KernelIpvs;

/** The kernel keeps the contract, in the guest's first namespace, where nothing else uses it. */
final class KernelContractTest extends IpvsContract {
    @Override
    protected IpvsClient open() {
        return new KernelIpvs();
    }
}
