package dev.penstock.topics;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** As much of a broker of long ago as an admin client needs to learn that it is one: it knows no topics. */
final class OldBroker implements AutoCloseable {

    private final ServerSocket socket;
    private final short newestMetadata;

    private OldBroker(ServerSocket socket, short newestMetadata) {
        this.socket = socket;
        this.newestMetadata = newestMetadata;
    }

    /** @param newestMetadata the newest version of the Metadata request that it knows: 9 came with 2.4, 2 with 0.10.1 */
    static OldBroker start(int newestMetadata) throws IOException {
        OldBroker broker =
                new OldBroker(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), (short) newestMetadata);
        Thread.ofVirtual().start(broker::accept);
        return broker;
    }

    String bootstrapServers() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                DataInputStream in = new DataInputStream(client.getInputStream());
                DataOutputStream out = new DataOutputStream(client.getOutputStream())) {
            while (true) {
                answer(ByteBuffer.wrap(in.readNBytes(in.readInt())), out);
            }
        } catch (IOException gone) {
            // The client has heard enough.
        }
    }

    private void answer(ByteBuffer request, DataOutputStream out) throws IOException {
        RequestHeader header = RequestHeader.parse(request);
        switch (header.apiKey()) {
            // A version that it does not know is answered in the oldest, with what it does know.
            case API_VERSIONS -> send(out, header, (short) 0, (short) 0, versions(header.apiVersion()));
            case METADATA -> {
                MetadataRequest asked = MetadataRequest.parse(new ByteBufferAccessor(request), header.apiVersion());
                send(out, header, header.toResponseHeader().headerVersion(), header.apiVersion(), metadata(asked));
            }
            default -> throw new IOException(header.apiKey() + ": unknown to an old broker");
        }
    }

    private ApiVersionsResponseData versions(short asked) {
        ApiVersionsResponseData versions = new ApiVersionsResponseData()
                .setErrorCode(asked == 0 ? Errors.NONE.code() : Errors.UNSUPPORTED_VERSION.code());
        versions.apiKeys().add(version(ApiKeys.API_VERSIONS, (short) 0));
        versions.apiKeys().add(version(ApiKeys.METADATA, newestMetadata));
        return versions;
    }

    private static ApiVersion version(ApiKeys key, short newest) {
        return new ApiVersion().setApiKey(key.id).setMinVersion((short) 0).setMaxVersion(newest);
    }

    private MetadataResponseData metadata(MetadataRequest asked) {
        MetadataResponseData metadata =
                new MetadataResponseData().setClusterId("old").setControllerId(1);
        metadata.brokers()
                .add(new MetadataResponseBroker()
                        .setNodeId(1)
                        .setHost("127.0.0.1")
                        .setPort(socket.getLocalPort()));
        for (String topic : asked.topics() == null ? List.<String>of() : asked.topics()) {
            metadata.topics()
                    .add(new MetadataResponseTopic()
                            .setName(topic)
                            .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code()));
        }
        return metadata;
    }

    private static void send(
            DataOutputStream out, RequestHeader header, short headerVersion, short version, ApiMessage message)
            throws IOException {
        ByteBuffer head = MessageUtil.toByteBufferAccessor(
                        new ResponseHeaderData().setCorrelationId(header.correlationId()), headerVersion)
                .buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(message, version).buffer();
        out.writeInt(head.remaining() + body.remaining());
        out.write(head.array(), head.arrayOffset() + head.position(), head.remaining());
        out.write(body.array(), body.arrayOffset() + body.position(), body.remaining());
        out.flush();
    }
}
