package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"verbatim/internal/safetext"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

func (p *program) completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "print shell completion",
		Long: `Completion prints a script that lets the shell complete the commands and flags of
verbatim, the IDs of articles and the names of outlets. SHELL is bash, zsh, fish or powershell.`,
		Example: `  source <(verbatim completion bash)
  verbatim completion zsh > "${fpath[1]}/_verbatim"
  verbatim completion fish > ~/.config/fish/completions/verbatim.fish`,
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("completion needs the name of a shell: %s", strings.Join(shells, ", "))
			}
			script, err := completionScript(cmd.Root(), args[0])
			if err != nil {
				return err
			}
			if p.flags.json {
				return p.printJSON(struct {
					Shell  string   `json:"shell"`
					Script string   `json:"script"`
					Notes  []string `json:"notes"`
				}{args[0], script, []string{}})
			}
			if _, err := fmt.Fprint(p.stdout, script); err != nil {
				return fmt.Errorf("write the completion: %w", err)
			}
			return nil
		},
	}
}

func completionScript(root *cobra.Command, shell string) (string, error) {
	var b bytes.Buffer
	var err error
	switch shell {
	case "bash":
		err = root.GenBashCompletionV2(&b, true)
	case "zsh":
		err = root.GenZshCompletion(&b)
	case "fish":
		err = root.GenFishCompletion(&b, true)
	case "powershell":
		err = root.GenPowerShellCompletionWithDesc(&b)
	default:
		return "", usagef("%q is not a shell that completion knows: bash, zsh, fish and powershell", shell)
	}
	if err != nil {
		return "", fmt.Errorf("make the completion for %s: %w", shell, err)
	}
	return b.String(), nil
}

// completeArticle offers the IDs of articles, with their titles, for an argument.
func (p *program) completeArticle(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	infos := p.completing(cmd)
	var out []string
	for i := range infos {
		if id, _ := corpus.SplitID(infos[i].ID); strings.HasPrefix(id, typed) {
			out = append(out, id+"\t"+safetext.Line(infos[i].Title))
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// completeOutlet offers the outlets and agencies of the articles for --outlet.
func (p *program) completeOutlet(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	names := make(map[string]bool)
	for _, i := range p.completing(cmd) {
		for _, name := range []string{i.Outlet, i.Agency} {
			if name != "" && strings.HasPrefix(strings.ToLower(name), strings.ToLower(typed)) {
				names[safetext.Line(name)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names)), cobra.ShellCompDirectiveNoFileComp
}

// completing lists the articles, or nothing if they cannot be read: a completion
// has nowhere to say why.
func (p *program) completing(cmd *cobra.Command) []corpus.Info {
	p.flags.quiet = true
	w, err := p.open(cmd.Context())
	if err != nil {
		return nil
	}
	defer w.Close()
	infos, err := w.Answerer.Sources(cmd.Context(), retrieval.Filter{}, "")
	if err != nil {
		return nil
	}
	return infos
}
