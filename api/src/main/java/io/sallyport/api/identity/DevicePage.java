package io.sallyport.api.identity;

import io.sallyport.api.arm.Reply;
import io.sallyport.base.Bytes;
import java.util.Map;

/** The page on which a person enters the code that a client shows. Without scripts; nothing of a stranger's is in it. */
final class DevicePage {
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Type",
            "text/html; charset=utf-8",
            "Cache-Control",
            "no-store",
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            "Referrer-Policy",
            "no-referrer");

    private DevicePage() {}

    static Reply form(String message) {
        return page((message.isEmpty() ? "" : "<p role=\"alert\">" + escape(message) + "</p>") + """
                <form method="post" action="/device">
                <label>Code <input name="code" required autocomplete="off" maxlength="16" autofocus></label>
                <label>User <input name="username" required autocomplete="username"></label>
                <label>Password <input name="password" type="password" required autocomplete="current-password"></label>
                <p>Go on only if you started this login yourself: whoever showed you the code will act as you.</p>
                <button>Log in</button>
                </form>
                """);
    }

    static Reply done() {
        return page("<p>Done. You can close this page; the client goes on by itself.</p>");
    }

    private static Reply page(String content) {
        return new Reply.Other(200, HEADERS, Bytes.utf8("""
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>Sallyport: log in</title>
                <style>body{font:1rem sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem}
                label{display:block;margin:.8rem 0}input{display:block;width:100%;font:inherit;padding:.3rem}
                button{font:inherit;padding:.4rem 1.2rem}</style></head>
                <body><h1>Log in to Sallyport</h1>
                """ + content + "</body></html>\n"));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
