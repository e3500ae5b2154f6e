package io.sallyport.app;

import io.sallyport.cli.Sallyport;
import picocli.CommandLine;

/** The command {@code sallyport}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        CommandLine commands = Sallyport.commands();
        commands.addSubcommand("serve", new Serve());
        commands.addSubcommand("demo", new Demo());
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        System.exit(commands.execute(args));
    }
}
