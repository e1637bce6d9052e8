package io.lvsd.snmp;

import io.lvsd.conf.value.Community;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snmp4j.agent.mo.snmp.CoexistenceInfo;
import org.snmp4j.agent.mo.snmp.CoexistenceInfoProvider;
import org.snmp4j.agent.security.VACM;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;

/** Read access for peers within the network of their community. No write access. */
final class ReadOnlyAccess implements VACM, CoexistenceInfoProvider {
    private static final OctetString DEFAULT_CONTEXT = new OctetString();
    private static final OctetString READ_VIEW = new OctetString("lvs");

    private final List<Community> communities;
    private final OctetString engineId;

    ReadOnlyAccess(List<Community> communities, OctetString engineId) {
        this.communities = communities;
        this.engineId = engineId;
    }

    @Override
    public CoexistenceInfo @Nullable [] getCoexistenceInfo(OctetString community) {
        return named(community).isEmpty()
                ? null
                : new CoexistenceInfo[] {new CoexistenceInfo(community, engineId, DEFAULT_CONTEXT)};
    }

    @Override
    public OctetString getCommunity(OctetString securityName, OctetString contextEngine, OctetString context) {
        return securityName;
    }

    @Override
    public boolean passesFilter(Address peer, CoexistenceInfo info) {
        InetAddress address = peer instanceof UdpAddress udp ? udp.getInetAddress() : null;
        return address != null && named(info.getSecurityName()).stream().anyMatch(c -> contains(c, address));
    }

    /** Whether a peer may read with a community. */
    boolean allows(OctetString community, Address peer) {
        CoexistenceInfo[] known = getCoexistenceInfo(community);
        return known != null && passesFilter(peer, known[0]);
    }

    private List<Community> named(OctetString name) {
        String text = new String(name.getValue(), StandardCharsets.UTF_8);
        return communities.stream().filter(c -> c.name().equals(text)).toList();
    }

    /** Whether a peer is within a community's network. */
    static boolean contains(Community community, InetAddress peer) {
        byte[] network = community.network().getAddress();
        byte[] address = peer.getAddress();
        if (network.length != address.length) {
            return peer.isLoopbackAddress() && community.network().isLoopbackAddress();
        }
        for (int bit = 0; bit < community.prefix(); bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((network[bit >> 3] ^ address[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int isAccessAllowed(OctetString context, OctetString name, int model, int level, int viewType, OID oid) {
        return getViewName(context, name, model, level, viewType) == null ? VACM_NO_ACCESS_ENTRY : VACM_OK;
    }

    @Override
    public int isAccessAllowed(@Nullable OctetString view, OID oid) {
        return READ_VIEW.equals(view) ? VACM_OK : VACM_NO_SUCH_VIEW;
    }

    @Override
    public @Nullable OctetString getViewName(
            OctetString context, OctetString name, int model, int level, int viewType) {
        boolean known =
                model == SecurityModel.SECURITY_MODEL_SNMPv2c && !named(name).isEmpty();
        return known && viewType == VIEW_READ ? READ_VIEW : null;
    }

    @Override
    public boolean hasContext(OctetString context) {
        return DEFAULT_CONTEXT.equals(context);
    }
}
