package dev.penstock.bench;

import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.TenantPartitions;
import dev.penstock.pipeline.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Policies of as many tenants as are asked for, each with a budget of its own that holds all of the load. */
final class Policies {

    private static final byte[] POLICY =
            "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":1000000}]}".getBytes(StandardCharsets.UTF_8);

    private Policies() {}

    @SuppressWarnings("FutureReturnValueIgnored") // flush waits for all of them
    static void write(PenstockConfig config, int count) {
        String topic = new Topics(config.topics().prefix()).tenants();
        TenantPartitions homes = new TenantPartitions(config.topics().partitions());
        Map<String, Object> properties = new HashMap<>(config.kafka());
        properties.put("linger.ms", 5);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int number = 0; number < count; number++) {
                String tenant = Load.tenant(number);
                producer.send(new ProducerRecord<>(
                        topic, homes.applyAsInt(tenant), tenant.getBytes(StandardCharsets.UTF_8), POLICY));
            }
            producer.flush();
        }
    }
}
