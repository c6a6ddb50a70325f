package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func (p *program) completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "print shell completion",
		Long: `Completion prints a script that lets the shell complete the commands and flags of
verbatim. SHELL is bash, zsh, fish or powershell.`,
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
