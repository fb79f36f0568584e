package dev.penstock.cli;

/** What {@code penstock --help} prints. */
final class RootHelp {

    static final String TEXT = """
            penstock: LLM calls as a durable Kafka Streams pipeline.
            Requests go in on a topic; each comes out exactly once, as a result or a dead letter.

            Try it, nothing else needed:
              demo            broker, fake provider and pipeline in one process; sample requests in, results out
              dev             the same, kept running: Kafka on 127.0.0.1:9092, console on http://127.0.0.1:8080

            Run it against your cluster:
              config check    read the configuration and name every mistake
              config show     the values in effect, and where each comes from
              topics create   make the topics that are missing
              topics check    hold the topics against what they must be
              run             the pipeline; SIGTERM drains it
              leave           say before a stop that it is for good: the others take over at once

            Use it:
              send            produce requests: a file of OpenAI batch lines, or - for stdin
              results         read results as JSON lines; --follow keeps reading
              dead-letters    list, show, replay or export what could not be answered
              import          produce an OpenAI batch file as one batch; prints the batch's id
              batch           batch status ID: how far it is
              export          write a batch's output and error files; --wait waits for its end
              trace           what happened to one request, by its custom_id or request id
              alerts          read alerts; --follow --webhook URL posts them
              tenants         the policies of tenants: list, show, set, delete
              budgets         where budgets stand; --follow keeps reading

            Test against it:
              fake-provider   a provider that speaks OpenAI and Anthropic, with scripted faults and a call log
              bench           what this machine can do: throughput, added latency, restart; prints, asserts nothing

            A first tour:
              penstock demo
              penstock dev                                      (in one terminal)
              penstock send examples/requests.jsonl             (in another)
              penstock results --follow -o table

            penstock COMMAND --help tells the options of a command.
            Configuration: one YAML file (--config or PENSTOCK_CONFIG), the environment (PENSTOCK_DISPATCH_PERMITS
            sets dispatch.permits) and --set key=value, each over the one before.
            Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
            """;

    private RootHelp() {}
}
