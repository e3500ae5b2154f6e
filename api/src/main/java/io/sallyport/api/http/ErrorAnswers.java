package io.sallyport.api.http;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.web.Errors;
import io.sallyport.api.web.Json;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What Jetty itself refuses, malformed requests for instance, in Azure's envelope and without details. */
final class ErrorAnswers extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        ArmError error = ArmError.of(
                status,
                status >= 500 ? "InternalServerError" : "InvalidRequest",
                "the request could not be read as HTTP that is allowed here (" + status + ")");
        response.getHeaders().put("Content-Type", "application/json; charset=utf-8");
        response.write(true, ByteBuffer.wrap(Json.write(Errors.body(error)).toArray()), callback);
        return true;
    }
}
