package io.lvsd.ipvs.kernel;

import io.lvsd.ipvs.codec.IpvsCodec;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;

/** A service as it was read last, with its destinations in the order of the kernel. Used by one thread. */
final class KnownService {
    private final byte[] request;
    private ServiceState state;
    private DestinationState[] order = {};

    /** A service whose destinations were not read yet. */
    KnownService(IpvsService config) {
        this.request = IpvsCodec.serviceKey(config.key());
        this.state = ServiceState.empty(config);
    }

    ServiceKey key() {
        return state.config().key();
    }

    ServiceState state() {
        return state;
    }

    /** The attributes that name it in a request. */
    byte[] request() {
        return request;
    }

    DestinationState[] order() {
        return order;
    }

    /**
     * Takes over what was read.
     *
     * @return whether something changed
     */
    @SuppressWarnings("ReferenceEquality") // unchanged parts are the same objects
    boolean update(IpvsService config, IpvsStats stats, DestinationsReader read) {
        var destinations = read.destinations();
        if (read.isChanged()) {
            order = read.order();
        }
        if (config == state.config() && stats == state.stats() && destinations == state.destinations()) {
            return false;
        }
        state = new ServiceState(config, stats, destinations);
        return true;
    }
}
