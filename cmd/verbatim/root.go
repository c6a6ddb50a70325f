package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"verbatim/internal/safetext"
)

const helpHead = `Verbatim answers questions from a collection of news articles and proves each
answer: every quote is a passage of a stored article, word for word.

Usage: verbatim COMMAND [flags]
       verbatim "QUESTION"

`

const helpTail = `Flags of every command:
  --config FILE       the config file (see config.example.yaml)
  --data DIR          where the catalogue, the settings and the cache are kept
  --corpus PATH       use these files or folders, not the catalogue (repeatable)
  --json              print one JSON object
  --quiet             no notices on standard error
  --no-color          no color (also: NO_COLOR)
  --log-level LEVEL   debug, info, warn or error

Examples:
  verbatim "How many Afghan soldiers fled to Tajikistan?"
  verbatim ask --corpus ~/articles --since 2024-01-01 "Who resigned?"
  verbatim ingest ~/articles && verbatim search --json "border guards"

Until something is ingested, the five articles inside the program are the corpus.
Nothing is sent anywhere unless a model or an embeddings server is configured.

Exit codes: 0 done, 1 failed, 2 wrong usage or config, 3 no evidence.
`

// rootHelp returns the help of the whole program.
func rootHelp(groups []group) string {
	var b strings.Builder
	b.WriteString(helpHead)
	for _, g := range groups {
		b.WriteString(g.title + ":\n")
		for _, c := range g.commands {
			if c.HasSubCommands() {
				for _, sub := range c.Commands() {
					fmt.Fprintf(&b, "  %-19s %s\n", c.Name()+" "+sub.Use, sub.Short)
				}
				continue
			}
			fmt.Fprintf(&b, "  %-19s %s\n", c.Use, c.Short)
		}
		b.WriteString("\n")
	}
	b.WriteString(helpTail)
	return b.String()
}

// rootCommand returns the whole command line.
func (p *program) rootCommand() *cobra.Command {
	var showVersion bool
	root := &cobra.Command{
		Use:           "verbatim",
		Short:         "answers questions from news articles and proves the answers with quotes",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          rootArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case showVersion:
				return p.version(false)
			case len(args) == 1:
				return p.ask(cmd.Context(), defaultAsk(), args)
			}
			return cmd.Help()
		},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return p.noEmptyPath(cmd)
		},
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SuggestionsMinimumDistance = 2 // edits
	root.Flags().BoolVar(&showVersion, "version", false, "print the version")
	f := root.PersistentFlags()
	f.StringVar(&p.flags.config, "config", "", "the config `FILE`")
	f.StringVar(&p.flags.data, "data", "", "`DIR` where the catalogue, the settings and the cache are kept")
	f.StringArrayVar(&p.flags.corpus, "corpus", nil, "use the articles at `PATH`, not the catalogue (repeatable)")
	f.BoolVar(&p.flags.json, "json", false, "print one JSON object")
	f.BoolVar(&p.flags.quiet, "quiet", false, "no notices on standard error")
	f.BoolVar(&p.flags.noColor, "no-color", false, "no color")
	f.StringVar(&p.flags.logLevel, "log-level", "", "`LEVEL` of the log: debug, info, warn or error")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(flagError(err)) })
	groups := p.commands()
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		if cmd == root {
			cmd.Print(rootHelp(groups))
			return
		}
		help(cmd, args)
	})
	root.SetHelpCommand(helpCommand())
	for _, g := range groups {
		root.AddCommand(g.commands...)
	}
	return root
}

// rootArgs takes a single argument that reads like a question, and names the
// commands that anything else may have been meant for.
func rootArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 || len(args) == 1 && (strings.ContainsAny(args[0], " \t\n?") || args[0] == "") {
		return nil
	}
	similar := cmd.SuggestionsFor(args[0])
	if len(similar) == 0 {
		return usagef("there is no command %q; to ask a question, put it in quotation marks", safetext.Line(args[0]))
	}
	return usagef("there is no command %q; did you mean %s?", safetext.Line(args[0]), strings.Join(similar, " or "))
}

// flagError says in plain words what is wrong with the value of a flag.
func flagError(err error) error {
	invalid, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return err
	}
	f := invalid.GetFlag()
	name := "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand
	}
	wanted, known := map[string]string{"int": "a whole number", "bool": "true or false"}[f.Value.Type()]
	if !known {
		return fmt.Errorf("%s %q: %w", name, invalid.GetValue(), invalid.Unwrap())
	}
	return fmt.Errorf("%s %q is not %s", name, invalid.GetValue(), wanted)
}

// noEmptyPath refuses a path that was given and is empty. It mostly comes from a
// variable that is not set, and then the default is not what was meant.
func (p *program) noEmptyPath(cmd *cobra.Command) error {
	for name, empty := range map[string]bool{
		"config": p.flags.config == "",
		"data":   p.flags.data == "",
		"corpus": slices.Contains(p.flags.corpus, ""),
	} {
		if empty && cmd.Flags().Changed(name) {
			return usagef("--%s is empty; it needs a path", name)
		}
	}
	return nil
}

// helpCommand is like cobra's own, but an unknown command is wrong usage.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "help for a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			of, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return usagef("there is no command %q", strings.Join(args, " "))
			}
			return of.Help()
		},
	}
}
