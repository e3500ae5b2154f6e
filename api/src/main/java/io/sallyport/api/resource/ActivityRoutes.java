package io.sallyport.api.resource;

import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Rights;
import io.sallyport.api.web.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** Azure's activity log: who changed what. */
final class ActivityRoutes {
    private static final int SHOWN_MAX = 1000;
    private static final Pattern TIME =
            Pattern.compile("eventTimestamp\\s+(ge|le)\\s+'?([0-9T:.Z+-]+)'?", Pattern.CASE_INSENSITIVE);
    private static final Pattern TEXT = Pattern.compile(
            "(resourceGroupName|resourceUri|resourceId|caller|correlationId)\\s+eq\\s+'?([^' ]+)'?",
            Pattern.CASE_INSENSITIVE);

    private final Audit audit;
    private final Rights rights;

    ActivityRoutes(Audit audit, Rights rights) {
        this.audit = audit;
        this.rights = rights;
    }

    List<Route> routes() {
        return List.of(Route.signedIn(
                "GET",
                "/subscriptions/{subscription}/providers/Microsoft.Insights/eventtypes/management/values",
                this::list));
    }

    private Reply list(Call call) throws Refused {
        String filter = call.parameter("$filter").orElse("");
        String prefix = "/subscriptions/" + call.variable("subscription").toLowerCase(Locale.ROOT);
        List<ObjectNode> shown = new ArrayList<>();
        for (ObjectNode entry : audit.newestFirst()) {
            String id = entry.path("resourceId").asString("");
            boolean isHere = id.toLowerCase(Locale.ROOT).startsWith(prefix);
            if (isHere
                    && matches(entry, filter)
                    && rights.may(call.caller(), "Microsoft.Insights/eventtypes/read", id)) {
                shown.add(event(entry, call.variable("subscription")));
            }
            if (shown.size() == SHOWN_MAX) {
                break;
            }
        }
        return new Reply.Ok(Json.list(shown));
    }

    private static boolean matches(ObjectNode entry, String filter) {
        String time = entry.path("time").asString("");
        Matcher times = TIME.matcher(filter);
        while (times.find()) {
            int order = time.substring(0, 19).compareTo(padded(times.group(2)));
            boolean isSince = times.group(1).equalsIgnoreCase("ge");
            if (isSince && order < 0 || !isSince && order > 0) {
                return false;
            }
        }
        Matcher texts = TEXT.matcher(filter);
        while (texts.find()) {
            String wanted = texts.group(2).toLowerCase(Locale.ROOT);
            String id = entry.path("resourceId").asString("").toLowerCase(Locale.ROOT);
            boolean fits = switch (texts.group(1).toLowerCase(Locale.ROOT)) {
                case "resourcegroupname" -> (id + "/").contains("/resourcegroups/" + wanted + "/");
                case "caller" -> entry.path("caller").asString("").equalsIgnoreCase(wanted);
                case "correlationid" -> entry.path("event").asString("").equals(wanted);
                default -> id.equals(wanted);
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** To the second, as far as it is given. */
    private static String padded(String time) {
        String full = time.length() >= 19 ? time : time + "0000-01-01T00:00:00".substring(Math.min(19, time.length()));
        return full.substring(0, 19);
    }

    private static ObjectNode event(ObjectNode entry, String subscription) {
        String id = entry.path("resourceId").asString("");
        String action = entry.path("action").asString("");
        String time = entry.path("time").asString("");
        String event = entry.path("event").asString("");
        String[] parts = id.split("/", -1);
        ObjectNode out = Json.object();
        out.putObject("authorization").put("action", action).put("scope", id);
        out.put("caller", entry.path("caller").asString("")).put("channels", "Operation");
        out.put("correlationId", event).put("operationId", event).put("eventDataId", event);
        out.put("id", id + "/events/" + event).put("level", "Informational").put("description", "");
        word(out, "eventName", "EndRequest");
        word(out, "category", "Administrative");
        word(out, "operationName", action);
        word(out, "status", "Succeeded");
        word(out, "subStatus", "");
        word(out, "resourceProviderName", action.substring(0, Math.max(0, action.indexOf('/'))));
        word(out, "resourceType", action.substring(0, Math.max(0, action.lastIndexOf('/'))));
        out.put("resourceId", id).put("resourceGroupName", parts.length > 4 ? parts[4] : "");
        out.put("subscriptionId", subscription).put("tenantId", Resources.TENANT);
        out.put("eventTimestamp", time).put("submissionTimestamp", time);
        out.putObject("claims");
        out.putObject("properties");
        return out;
    }

    private static void word(ObjectNode out, String name, String value) {
        out.putObject(name).put("value", value).put("localizedValue", value);
    }
}
