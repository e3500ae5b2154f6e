package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.arm.World;
import io.sallyport.api.web.Answer;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Errors;
import io.sallyport.api.web.Json;
import io.sallyport.base.Bytes;
import io.sallyport.store.Keys;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Turns replies into answers. What the engine has yet to do is awaited for a moment; only what takes longer becomes a
 * long-running operation, so that a client that is fast is not made to poll.
 */
public final class Replies {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(30);
    static final String RETRY_AFTER = "1";

    private final View view;
    private final StoreDrafts drafts;
    private final Tasks tasks;
    private final Commands commands;
    private final CaptureFiles captures;

    Replies(View view, StoreDrafts drafts, Tasks tasks, Commands commands, CaptureFiles captures) {
        this.view = view;
        this.drafts = drafts;
        this.tasks = tasks;
        this.commands = commands;
        this.captures = captures;
        tasks.unfinished().forEach(this::resume);
    }

    /** The answer to {@code call}; may wait a moment. */
    public Answer answer(Call call, Reply reply) throws Refused {
        return switch (reply) {
            case Reply.Ok ok -> json(200, ok.body(), Map.of());
            case Reply.Created created -> json(201, created.body(), Map.of());
            case Reply.NoContent none -> new Answer(204, Map.of(), Bytes.EMPTY);
            case Reply.File file -> new Answer(200, file.headers(), Bytes.EMPTY, Optional.of(file.path()));
            case Reply.Other other -> new Answer(other.status(), other.headers(), other.body());
            case Reply.Follow follow -> followed(call, follow);
            case Reply.Deleted deleted -> deleted(call, deleted);
            case Reply.Order order -> ordered(call, order);
        };
    }

    private Answer followed(Call call, Reply.Follow follow) {
        Optional<Tasks.End> end = provisioned(follow.targets(), follow.revision(), MOMENT);
        boolean isAction = call.request().method().equals("POST");
        int status = follow.created() ? 201 : 200;
        if (end.isPresent() && end.get() instanceof Tasks.End.Done) {
            return json(status, follow.body().get(), Map.of());
        }
        String target = follow.targets().getFirst().toString();
        JsonNode result = isAction ? follow.body().get() : Json.missing();
        Tasks.Task task = end.isPresent()
                ? tasks.record(target, end.get())
                : tasks.begin(
                        target,
                        watched(follow.targets(), follow.revision(), result),
                        () -> awaitProvisioned(follow.targets(), follow.revision(), result));
        return isAction ? accepted(call, task) : json(status, follow.body().get(), headers(call, task, false));
    }

    private Answer deleted(Call call, Reply.Deleted deleted) {
        if (!deleted.existed()) {
            return new Answer(204, Map.of(), Bytes.EMPTY);
        }
        if (gone(deleted.targets(), MOMENT)) {
            return new Answer(200, Map.of(), Bytes.EMPTY);
        }
        ObjectNode watched = watched(deleted.targets(), deleted.revision(), Json.missing());
        watched.put("gone", true);
        String target = deleted.targets().getFirst().toString();
        return accepted(call, tasks.begin(target, watched, () -> awaitGone(deleted.targets())));
    }

    private Answer ordered(Call call, Reply.Order order) throws Refused {
        Commands.Given given = commands.give(order.target(), wrapped(call, order));
        Optional<Tasks.End> end = commands.await(given, MOMENT);
        if (end.isEmpty() || order.command().isAlwaysAccepted() && end.get() instanceof Tasks.End.Done) {
            return accepted(
                    call,
                    tasks.begin(
                            order.target().toString(),
                            Json.missing(),
                            () -> end.orElseGet(() -> commands.awaitEnd(given))));
        }
        return switch (end.get()) {
            case Tasks.End.Done done -> json(200, done.result(), Map.of());
            case Tasks.End.Wrong wrong -> throw new Refused(wrong.error());
        };
    }

    /** Remembers captures, and makes the address of one absolute. */
    private Operation.Outcome.Command wrapped(Call call, Reply.Order order) {
        return new Operation.Outcome.Command(
                order.command().verb(),
                order.command().arguments(),
                result -> {
                    if (order.command().verb().equals("stopCapture")) {
                        captures.remember(order.target(), result);
                    }
                    JsonNode shaped = order.command().shape().apply(result);
                    boolean isAddress = shaped.isString() && shaped.asString().startsWith("/subscriptions/");
                    return isAddress ? StringNode.valueOf(call.base() + shaped.asString()) : shaped;
                },
                order.command().isAlwaysAccepted());
    }

    private static Answer accepted(Call call, Tasks.Task task) {
        return new Answer(202, headers(call, task, true), Bytes.EMPTY);
    }

    /** How to ask for the operation. A PUT's result is the resource itself, so that it gets no Location. */
    private static Map<String, String> headers(Call call, Tasks.Task task, boolean hasResult) {
        Optional<ArmId> id = ArmId.parse(task.target());
        String[] parts = task.target().split("/", -1);
        String at = call.base() + "/subscriptions/" + (parts.length > 2 ? parts[2] : "") + "/providers/"
                + id.map(ArmId::provider).orElse("Microsoft.Resources") + "/locations/local/";
        String query = task.id() + "?api-version=" + call.apiVersion();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Azure-AsyncOperation", at + "operations/" + query);
        if (hasResult) {
            headers.put("Location", at + "operationResults/" + query);
        }
        headers.put("Retry-After", RETRY_AFTER);
        return headers;
    }

    /** A JSON answer; the body's entity tag is its header too. */
    public static Answer json(int status, JsonNode body, Map<String, String> headers) {
        if (body.isMissingNode()) {
            return new Answer(status, headers, Bytes.EMPTY);
        }
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Content-Type", "application/json; charset=utf-8");
        String etag = body.path("etag").asString("");
        if (!etag.isEmpty()) {
            all.put("ETag", etag);
        }
        all.putAll(headers);
        return new Answer(status, all, Json.write(body));
    }

    /** Azure's envelope. */
    public static Answer refused(ArmError error, Map<String, String> headers) {
        return json(error.status(), Errors.body(error), headers);
    }

    private void resume(Tasks.Task task) {
        List<ArmId> targets = task.watched()
                .path("targets")
                .valueStream()
                .flatMap(t -> ArmId.parse(t.asString("")).stream())
                .toList();
        if (targets.isEmpty()) {
            tasks.resume(
                    task,
                    () -> new Tasks.End.Wrong(ArmError.of(
                            409, "OperationInterrupted", "the gateway was restarted meanwhile; ask again")));
        } else if (task.watched().path("gone").asBoolean(false)) {
            tasks.resume(task, () -> awaitGone(targets));
        } else {
            long revision = task.watched().path("revision").asLong(0);
            JsonNode result = task.watched().path("result");
            tasks.resume(task, () -> awaitProvisioned(targets, revision, result));
        }
    }

    private static ObjectNode watched(List<ArmId> targets, long revision, JsonNode result) {
        ObjectNode watched = Json.object();
        targets.forEach(t -> watched.withArray("/targets").add(t.toString()));
        watched.put("revision", revision);
        if (!result.isMissingNode()) {
            watched.set("result", result);
        }
        return watched;
    }

    private Tasks.End awaitProvisioned(List<ArmId> targets, long revision, JsonNode result) {
        Optional<Tasks.End> end = provisioned(targets, revision, LONGEST);
        if (end.isEmpty()) {
            return new Tasks.End.Wrong(late("carry this out"));
        }
        return end.get() instanceof Tasks.End.Done ? new Tasks.End.Done(result) : end.get();
    }

    private Tasks.End awaitGone(List<ArmId> targets) {
        return gone(targets, LONGEST)
                ? new Tasks.End.Done(Json.missing())
                : new Tasks.End.Wrong(late("take this down"));
    }

    private static ArmError late(String what) {
        return ArmError.of(
                504,
                "OperationTimedOut",
                "the gateway did not " + what + " within " + LONGEST.toMinutes() + " minutes; does it run?");
    }

    /** What came of all targets, or nothing when some are not done when {@code patience} is over. */
    private Optional<Tasks.End> provisioned(List<ArmId> targets, long revision, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        for (ArmId target : targets) {
            String key = Keys.of(Keys.PROVISION, target.root().toString());
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            if (!view.provisioning().await(key, left, () -> isDone(target, revision))) {
                return Optional.empty();
            }
            Optional<ArmError> wrong = failure(target);
            if (wrong.isPresent()) {
                return Optional.of(new Tasks.End.Wrong(wrong.get()));
            }
        }
        return Optional.of(new Tasks.End.Done(Json.missing()));
    }

    /** A later change that the engine has carried out includes this one. */
    private boolean isDone(ArmId target, long revision) {
        Optional<ArmResource> resource = view.resource(target.root());
        return resource.isEmpty()
                || !(drafts.world().provision(resource.get()) instanceof World.Provision.Updating)
                || view.provision(target.root())
                        .filter(p -> p.path("revision").asLong(0)
                                >= Math.min(revision, resource.get().revision()))
                        .isPresent();
    }

    private Optional<ArmError> failure(ArmId target) {
        return view.resource(target.root())
                .filter(r -> drafts.world().provision(r) instanceof World.Provision.Failed)
                .map(r -> (World.Provision.Failed) drafts.world().provision(r))
                .map(f -> ArmError.of(409, f.code(), f.message(), target.root().toString()));
    }

    /** Whether the engine has forgotten all of them, or somebody made them anew. */
    private boolean gone(List<ArmId> targets, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        for (ArmId target : targets) {
            String key = Keys.of(Keys.PROVISION, target.root().toString());
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            boolean done = view.provisioning()
                    .await(
                            key,
                            left,
                            () -> view.provision(target.root()).isEmpty()
                                    || view.resource(target.root()).isPresent());
            if (!done) {
                return false;
            }
        }
        return true;
    }
}
