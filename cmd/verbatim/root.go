package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

const rootHelp = `Verbatim answers questions from a collection of news articles, and proves each
answer: every quote that it prints stands word for word in a stored article.

Usage: verbatim COMMAND [flags]

Ask and look up:
  ask QUESTION        answer with quotes, or say that the articles do not say
  search QUERY        ranked passages, no answer
  quote WORDS         find words verbatim: where, who, when
  sources [FILTER]    list the articles
  source ID           show one article; --around REF marks a quote in it
  chat                questions and follow-ups in the terminal

Keep articles:
  ingest SOURCE...    add or refresh files, folders and JSON Lines
  remove ID...        take articles out
  reindex             rebuild everything that is derived from the articles

Run and check:
  bot                 run the Discord bot; --invite prints the invite URL
  doctor              check config, keys, model and index; --discord
  eval QUESTIONS      measure retrieval and answers against known ones
  feedback export     questions with complaints, as eval questions
  completion SHELL    print shell completion

Flags of every command:
  --config FILE       the config file (see config.example.yaml)
  --data DIR          where catalogue, memory and cache lie
  --corpus PATH       use these files or folders, not the catalogue (repeatable)
  --json              print one JSON object
  --quiet             no notices on standard error
  --no-color          no colour (also: NO_COLOR)
  --log-level LEVEL   debug, info, warn or error

Examples:
  verbatim ask "How many Afghan soldiers fled to Tajikistan?"
  verbatim ask --corpus ~/articles --since 2024-01-01 "Who resigned?"
  verbatim ingest ~/articles && verbatim search --json "border guards"

Until something is ingested, the five articles inside the program are the corpus.
Nothing is sent anywhere unless a model or an embeddings server is configured.

Exit codes: 0 done, 1 failed, 2 wrong usage or config, 3 no evidence.
`

// rootCommand returns the whole command line.
func (p *program) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "verbatim",
		Short:         "answers questions from news articles and proves them by quotes",
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return p.noEmptyPath(cmd)
		},
	}
	root.CompletionOptions.DisableDefaultCmd = true
	f := root.PersistentFlags()
	f.StringVar(&p.flags.config, "config", "", "the config `FILE`")
	f.StringVar(&p.flags.data, "data", "", "`DIR` where catalogue, memory and cache lie")
	f.StringArrayVar(&p.flags.corpus, "corpus", nil, "use the articles at `PATH`, not the catalogue (repeatable)")
	f.BoolVar(&p.flags.json, "json", false, "print one JSON object")
	f.BoolVar(&p.flags.quiet, "quiet", false, "no notices on standard error")
	f.BoolVar(&p.flags.noColor, "no-color", false, "no colour")
	f.StringVar(&p.flags.logLevel, "log-level", "", "`LEVEL` of the log: debug, info, warn or error")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		if cmd == root {
			cmd.Print(rootHelp)
			return
		}
		help(cmd, args)
	})
	root.SetHelpCommand(helpCommand())
	root.AddCommand(p.commands()...)
	return root
}

// noEmptyPath refuses a path that was given and is empty. It mostly comes of a
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

// helpCommand is like cobra's own, but what there is not is a wrong use.
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
