package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that cannot be right is refused when the chart is rendered, by name. */
class ChartRefusalsTest {

    private static final String KEY = "sk-abcdefghijklmnopqrstuvwxyz";

    @TempDir
    static Path folder;

    private static HelmChart chart;

    @BeforeAll
    static void copy() throws IOException {
        chart = HelmChart.in(folder);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            replicas: 0                                                     | /replicas
            replicas: 1.5                                                   | /replicas
            replicas: two                                                   | /replicas
            replicas: 25                                                    | replicas: 25 (expected: at most config.topics.partitions, 24
            {replicas: 3, config: {topics: {partitions: 2}}}                | replicas: 3 (expected: at most config.topics.partitions, 2
            replica: 2                                                      | replica
            config: {topics: {partitions: 0}}                               | /config/topics/partitions
            config: {topics: {partitions: 1001}}                            | /config/topics/partitions
            config: {topics.partitions: 3}                                  | topics.partitions
            config: {disptach: {permits: 5}}                                | disptach
            config: {drain: {grace: 30}}                                    | /config/drain/grace
            config: {drain: {grace: soon}}                                  | /config/drain/grace
            config: {drain: {grace: 2h}}                                    | config.drain.grace: 2h (expected: a duration, 0s..1h)
            config: {console: {port: 0}}                                    | /config/console/port
            config: {console: {probes_port: 0}}                             | /config/console/probes_port
            config: {console: {probes_port: 8080}}                          | config.console.probes_port: 8080 (expected: another than config.console.port)
            config: {console: {host: 127.0.0.1}}                            | config.console.host: is set by the image
            config: {instance: {id: me}}                                    | config.instance: is set by the chart
            config: {kafka: {bootstrap.servers: kafka}}                     | config.kafka.bootstrap.servers: "kafka"
            config: {kafka: {bootstrap.servers: null, acks: all}}           | config.kafka.bootstrap.servers: ""
            state: {size: 10}                                               | /state/size
            state: {size: 0Gi}                                              | /state/size
            state: {whenScaled: Keep}                                       | /state/whenScaled
            shutdown: {marginSeconds: 5}                                    | /shutdown/marginSeconds
            probes: {liveness: {periodSeconds: 0}}                          | /probes/liveness/periodSeconds
            probes: {startup: {failureThreshold: 100000}}                   | /probes/startup/failureThreshold
            podDisruptionBudget: {maxUnavailable: 0}                        | /podDisruptionBudget/maxUnavailable
            security: {runAsUser: 0}                                        | /security/runAsUser
            resources: {limits: {memory: lots}}                             | /resources/limits/memory
            image: {digest: latest}                                         | /image/digest
            log: {level: LOUD}                                              | /log/level
            topologySpread: [{topologyKey: zone, maxSkew: 0, whenUnsatisfiable: ScheduleAnyway}] | /topologySpread/0/maxSkew
            networkPolicy: {egress: {kafka: {ports: [99999]}}}              | /networkPolicy/egress/kafka/ports/0
            networkPolicy: {ingress: {from: [{}]}}                          | /networkPolicy/ingress/from/0
            topicsJob: {backoffLimit: -1}                                   | /topicsJob/backoffLimit
            serviceMonitor: {interval: often}                               | /serviceMonitor/interval
            podLabels: {app.kubernetes.io/component: mine}                  | /podLabels
            autoscaling: {lagPerReplica: 0}                                 | /autoscaling/lagPerReplica
            autoscaling: {enabled: true}                                    | autoscaling.prometheus.serverAddress: not set
            autoscaling: {enabled: true, maxReplicas: 25, prometheus: {serverAddress: "http://p:9090"}} | autoscaling.maxReplicas: 25 (expected: at most config.topics.partitions, 24)
            autoscaling: {enabled: true, minReplicas: 7, prometheus: {serverAddress: "http://p:9090"}}  | autoscaling.minReplicas: 7 (expected: at most autoscaling.maxReplicas, 6)
            autoscaling: {prometheus: {serverAddress: "http://me:secret@p:9090"}} | /autoscaling/prometheus/serverAddress
            autoscaling: {prometheus: {authenticationRef: login}}           | autoscaling.prometheus.authModes: not set
            serviceMonitor: {enabled: true, interval: 5s}                   | serviceMonitor.scrapeTimeout: 10s (expected: at most serviceMonitor.interval, 5s)
            jvm: {options: -XX:MaxRAMPercentage=60}                         | jvm.options: -XX:MaxRAMPercentage has no effect
            env: [{name: PENSTOCK_INSTANCE_ID, value: me}]                  | /env/0/name
            """)
    void shouldRefuseByName(String values, String message) throws IOException {
        assertThat(chart.refusal(values)).contains(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            config: {provider: {api_key: KEY}}                              | /config/provider/api_key
            config: {provider.api_key: KEY}                                 | provider.api_key
            config: {targets: {mini: {api_key: KEY}}}                       | /config/targets/mini/api_key
            config: {targets: {mini.api_key: KEY}}                          | /config/targets
            config: {console: {token: KEY}}                                 | /config/console/token
            config: {kafka: {sasl.jaas.config: 'Module required password="KEY";'}} | config.kafka.sasl.jaas.config: a secret as it is
            config: {kafka: {ssl: {keystore: {password: KEY}}}}             | config.kafka.ssl.keystore.password: a secret as it is
            config: {kafka: {producer.ssl.key.password: KEY}}               | config.kafka.producer.ssl.key.password: a secret as it is
            config: {kafka: {client.rack: KEY}}                             | config.kafka.client.rack: looks like a provider's key
            configFiles: {keys.env: 'OPENAI_API_KEY=KEY'}                   | configFiles.keys.env: looks like a provider's key
            podAnnotations: {note: KEY}                                     | podAnnotations.note: looks like a provider's key
            env: [{name: OPENAI_API_KEY, value: KEY}]                       | /env/0/name
            env: [{name: HARMLESS, value: KEY}]                             | env.value: looks like a provider's key
            env: [{name: OTEL_EXPORTER_OTLP_HEADERS, value: authorization=x}] | /env/0/name
            secrets: {env: [{name: OPENAI_API_KEY, value: KEY}]}            | /secrets/env/0
            secrets: {OPENAI_API_KEY: KEY}                                  | /secrets
            apiKey: KEY                                                     | apiKey
            """)
    void shouldTakeNoSecretAndNotRepeatIt(String values, String message) throws IOException {
        // When
        String said = chart.refusal(values.replace("KEY", KEY).replace("OPENAI_API_" + KEY, "OPENAI_API_KEY"));

        // Then
        assertThat(said).contains(message).doesNotContain(KEY);
    }

    /** Of the refusals above: that it is the values that are refused. */
    @Test
    void shouldTakeReferences() throws IOException {
        // When
        RenderedChart rendered = chart.render("""
                config:
                  provider: {api_key: {env: OPENAI_API_KEY}}
                  kafka: {sasl.jaas.config: {file: /run/secrets/penstock-kafka/jaas}, sasl.login.refresh.window.factor: 0.8}
                secrets:
                  env: [{name: OPENAI_API_KEY, secret: keys, key: openai}]
                  files: [{secret: penstock-kafka}]
                """);

        // Then
        assertThat(rendered.variables().filter(variable -> variable.has("valueFrom")))
                .anyMatch(variable ->
                        variable.at("/valueFrom/secretKeyRef/name").asString("").equals("keys"));
        assertThat(rendered.pod("StatefulSet/penstock")
                        .at("/volumes/1/secret/secretName")
                        .asString(""))
                .isEqualTo("penstock-kafka");
    }
}
