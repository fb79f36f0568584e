package dev.penstock.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.client.CustomResource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads resources as Strimzi's operators do, but refuses what they would pass over: a property that their model does not know. */
final class StrimziResources {

    private static final ObjectMapper MODEL = new ObjectMapper().setAnnotationIntrospector(new NothingUnknown());

    private StrimziResources() {}

    static <T extends CustomResource<?, ?>> List<T> read(Path file, Class<T> type) throws JsonProcessingException {
        List<T> resources = new ArrayList<>();
        try (var documents = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            for (JsonNode document : documents.readAll()) {
                resources.add(read(document.toString(), type));
            }
        }
        return resources;
    }

    static <T extends CustomResource<?, ?>> T read(String json, Class<T> type) throws JsonProcessingException {
        return MODEL.readValue(json, type);
    }

    /** The model collects what it does not know in maps, to lose nothing; here that is an error. */
    private static final class NothingUnknown extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }
}
