package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.KafkaUserScramSha512ClientAuthentication;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Strimzi's own model reads the users; what they may then do, StrimziUsersIT tries. */
class StrimziUsersTest {

    private static final Path FILE = Path.of("..", "deploy", "strimzi", "users.yaml");

    @Test
    void shouldBeUsersToStrimzi() throws Exception {
        // When
        List<KafkaUser> users = StrimziResources.read(FILE, KafkaUser.class);

        // Then
        assertThat(users)
                .extracting(user -> user.getMetadata().getName())
                .containsExactly("penstock-pipeline", "penstock-producer", "penstock-consumer", "penstock-operator");
        assertThat(users).allSatisfy(user -> {
            assertThat(user.getApiVersion()).isEqualTo("kafka.strimzi.io/v1");
            assertThat(user.getSpec().getAuthentication()).isInstanceOf(KafkaUserScramSha512ClientAuthentication.class);
            assertThat(user.getSpec().getAuthorization())
                    .isInstanceOfSatisfying(
                            KafkaUserAuthorizationSimple.class,
                            simple -> assertThat(simple.getAcls())
                                    .isNotEmpty()
                                    .allSatisfy(StrimziUsersTest::assertWhole));
        });
    }

    @Test
    void shouldRefuseWhatTheModelDoesNotKnow() {
        String misspelt = "{\"apiVersion\":\"kafka.strimzi.io/v1\",\"kind\":\"KafkaTopic\",\"spec\":{\"partitons\":1}}";
        assertThatThrownBy(() -> StrimziResources.read(misspelt, KafkaTopic.class))
                .hasMessageContaining("partitons");
    }

    private static void assertWhole(AclRule rule) {
        assertThat(rule.getResource()).isNotNull();
        assertThat(rule.getOperations()).isNotEmpty().doesNotContainNull();
    }
}
