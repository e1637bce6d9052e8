package io.lvsd.ipvs;

/** The fake of the tests keeps the contract. */
final class FakeIpvsTest extends IpvsContract {
    @Override
    protected IpvsClient open() {
        return new FakeIpvs();
    }
}
