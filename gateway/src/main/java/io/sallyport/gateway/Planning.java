package io.sallyport.gateway;

import io.sallyport.model.NodeFile;
import io.sallyport.model.ResourceId;
import io.sallyport.model.Resources;
import io.sallyport.model.document.Problem;
import java.util.List;

/**
 * What a machine can run of a set of resources, and what it cannot: whatever is wrong with one gateway or connection
 * leaves out that one and nothing else.
 *
 * @param left gateways and connections that are not in the plan
 */
public record Planning(Plan plan, List<Left> left) {
    public static final Planning NONE = new Planning(Plan.NONE, List.of());

    public Planning {
        left = List.copyOf(left);
    }

    /** Why something is left out; {@link #code} is one word for programs. */
    public enum Reason {
        /** This version cannot do it. */
        NOT_SUPPORTED("NotSupported"),
        /** It needs a resource that is not there or is left out itself. */
        REFERENCE("InvalidResourceReference"),
        /** The node file does not lend the public address. */
        ADDRESS("AddressNotLent"),
        /** The node file does not surface the VNet. */
        NETWORK("NetworkNotSurfaced"),
        /** Another resource has it already. */
        TAKEN("AlreadyInUse"),
        /** The machine refused a device, a socket or a route. */
        MACHINE("MachineRefused");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** A gateway or connection that is not carried, and the sentence that says why. */
    public record Left(ResourceId id, Reason reason, Problem problem) {
        /** The problem without its place: the resource is known. */
        public String message() {
            String subject = problem.subject().equals(id.toString()) ? "" : problem.subject() + ": ";
            return subject + (problem.path().isEmpty() ? "" : problem.path() + ": ") + problem.text();
        }
    }

    /**
     * Plans.
     *
     * @param refused what is known not to work on this machine, from an earlier attempt
     */
    public static Planning of(Resources resources, NodeFile node, List<Left> refused) {
        return new Planner(resources, node, refused).plan();
    }
}
