package dev.penstock.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.RequestLines;
import dev.penstock.batching.BatchDecision.Alone;
import dev.penstock.batching.BatchDecision.Gather;
import dev.penstock.batching.BatchDecision.Reason;
import dev.penstock.schemas.BatchDirective;
import dev.penstock.work.Route;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchPolicyTest {

    private static final String BODY = Items.body("hi", "");

    private final BatchPolicy policy = new BatchPolicy();

    @ParameterizedTest
    @CsvSource({
        ",ALLOW,false",
        "allow,ALLOW,true",
        "allow,NEVER,false",
        "never,ALLOW,false",
        "never,NEVER,false",
        ",NEVER,false"
    })
    void shouldAskTheRequestAndTheTenant(@Nullable String asked, BatchDirective granted, boolean gathers) {
        // Given
        String extra = asked == null ? "" : ",\"batch\":\"" + asked + "\"";

        // When
        BatchDecision decision = policy.decide("acme", RequestLines.request(BODY, extra), Items.ROUTE, granted);

        // Then
        if (gathers) {
            assertThat(decision).isInstanceOf(Gather.class);
        } else {
            assertThat(decision).isEqualTo(new Alone(Reason.NOT_ALLOWED));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'tools':[{'type':'function'}]",
                "'functions':[{'name':'f'}]",
                "'n':2",
                "'n':1.5",
                "'logprobs':true",
                "'top_logprobs':3",
                "'response_format':{'type':'json_object'}",
                "'response_format':{'type':'json_schema','json_schema':{}}",
                "'stop':['}']",
                "'stop':'x'",
                "'logit_bias':{'5':-100}",
                "'modalities':['text','audio']",
                "'store':true",
                "'prediction':{}",
                "'guided_json':{}",
                "'field_of_tomorrow':0"
            })
    void shouldNotShareAPromptThatCannotHonourAField(String member) {
        // Given
        String body = Items.body("hi", "," + member.replace('\'', '"'));

        // When
        BatchDecision decision = decide(body);

        // Then
        assertThat(decision).isEqualTo(new Alone(Reason.FIELD));
    }

    /** Intake refuses it; the stage does not rely on that. */
    @Test
    void shouldNotShareAStream() {
        // Given
        var request = RequestLines.request(BODY, Items.ASKED);
        request.body().put("stream", true);

        // When
        BatchDecision decision = policy.decide("acme", request, Items.ROUTE, BatchDirective.ALLOW);

        // Then
        assertThat(decision).isEqualTo(new Alone(Reason.FIELD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'n':1",
                "'tools':[]",
                "'tools':null",
                "'stream':false",
                "'logprobs':false",
                "'store':false",
                "'response_format':{'type':'text'}",
                "'modalities':['text']",
                "'metadata':{'trace':'1'}",
                "'stop':null",
                "'guided_json':null"
            })
    void shouldTakeADefaultThatIsSpelledOutForNothing(String member) {
        assertThat(key(Items.body("hi", "," + member.replace('\'', '"')))).isEqualTo(key(BODY));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "|{'role':'assistant','content':'x'}|,CONVERSATION",
                "|{'role':'tool','content':'x'}|,CONVERSATION",
                "|{'content':'x'}|,CONVERSATION",
                "|{'role':'user','content':'x','name':'bob'}|,CONVERSATION",
                "|{'role':'system','content':'late'}|,CONVERSATION",
                "|{'role':'user','content':[{'type':'image_url','image_url':{}}]}|,NOT_TEXT",
                "|{'role':'user','content':[{'type':'text','text':'x'},{'type':'input_audio'}]}|,NOT_TEXT",
                "|{'role':'user','content':null}|,NOT_TEXT",
                "|7|,CONVERSATION"
            })
    void shouldNotShareWhatIsMoreThanAQuestion(String message, Reason reason) {
        // Given
        String body = BODY.replace("}]", "}," + message.replace('\'', '"') + "]");

        // When
        BatchDecision decision = decide(body);

        // Then
        assertThat(decision).isEqualTo(new Alone(reason));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"model\":\"m\"}", "{\"model\":\"m\",\"messages\":[]}", "{\"model\":\"m\",\"messages\":5}"})
    void shouldNotShareNothing(String body) {
        assertThat(decide(body)).isEqualTo(new Alone(Reason.CONVERSATION));
    }

    @Test
    void shouldTakeTheTextOfAllUserMessagesAndParts() {
        // Given
        String body = BODY.replace(
                "}]",
                "},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}]");

        // When
        BatchItem item = Items.gathered(body).item();

        // Then
        assertThat(item.text()).isEqualTo("hi\n\na\nb");
        assertThat(item.system()).hasSize(1);
    }

    @Test
    void shouldGroupWhatDiffersInItsTextAlone() {
        assertThat(key(Items.body("bye", ""))).isEqualTo(key(BODY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'temperature':0.5",
                "'seed':1",
                "'max_tokens':10",
                "'max_completion_tokens':10",
                "'user':'u'",
                "'safety_identifier':'s'",
                "'service_tier':'flex'"
            })
    void shouldNotGroupOtherParameters(String member) {
        assertThat(key(Items.body("hi", "," + member.replace('\'', '"')))).isNotEqualTo(key(BODY));
    }

    @Test
    void shouldGroupEqualNumbersHoweverWritten() {
        assertThat(key(Items.body("hi", ",\"temperature\":0.50")))
                .isEqualTo(key(Items.body("hi", ",\"temperature\":5e-1")));
    }

    @Test
    void shouldNotGroupOtherSystemPrompts() {
        assertThat(key(BODY.replace("brief", "long"))).isNotEqualTo(key(BODY));
        assertThat(key(BODY.replace("system", "developer"))).isNotEqualTo(key(BODY));
    }

    static List<Route> otherRoutes() {
        return List.of(
                new Route("medium", Items.ROUTE.chain(), null, Items.ROUTE.timeout()),
                new Route(null, Items.ROUTE.chain(), null, Items.ROUTE.timeout()),
                new Route("simple", List.of("haiku", "mini"), null, Items.ROUTE.timeout()),
                new Route("simple", List.of("mini"), null, Items.ROUTE.timeout()),
                new Route("simple", Items.ROUTE.chain(), "gpt", Items.ROUTE.timeout()),
                new Route("simple", Items.ROUTE.chain(), null, Duration.ofSeconds(31)));
    }

    @ParameterizedTest
    @MethodSource("otherRoutes")
    void shouldNotGroupOtherRoutes(Route route) {
        // Given
        var request = RequestLines.request(BODY, Items.ASKED);

        // When
        BatchDecision decision = policy.decide("acme", request, route, BatchDirective.ALLOW);

        // Then
        assertThat(((Gather) decision).key()).isNotEqualTo(key(BODY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'priority':'bulk'", "'in_doubt':'fail'", "'attempt_timeout_ms':5000"})
    void shouldNotGroupOtherTreatment(String field) {
        // Given
        var request = RequestLines.request(BODY, Items.ASKED + "," + field.replace('\'', '"'));

        // When
        BatchDecision decision = policy.decide("acme", request, Items.ROUTE, BatchDirective.ALLOW);

        // Then
        assertThat(((Gather) decision).key()).isNotEqualTo(key(BODY));
    }

    /** Shortened, a shared prompt could lose the line where a member begins. */
    @Test
    void shouldNotShareWhatIsToBeTrimmed() {
        // Given
        var request = RequestLines.request(BODY, Items.ASKED + ",\"trim\":{\"max_input_tokens\":100}");

        // When
        BatchDecision decision = policy.decide("acme", request, Items.ROUTE, BatchDirective.ALLOW);

        // Then
        assertThat(decision).isEqualTo(new Alone(Reason.FIELD));
    }

    @Test
    void shouldNeverGroupAcrossTenants() {
        // Given
        var request = RequestLines.request(BODY, Items.ASKED);

        // When
        BatchDecision decision = policy.decide("other", request, Items.ROUTE, BatchDirective.ALLOW);

        // Then
        assertThat(((Gather) decision).key().hash()).isNotEqualTo(key(BODY).hash());
    }

    private BatchDecision decide(String body) {
        return policy.decide("acme", RequestLines.request(body, Items.ASKED), Items.ROUTE, BatchDirective.ALLOW);
    }

    private static GroupKey key(String body) {
        return Items.gathered(body).key();
    }
}
