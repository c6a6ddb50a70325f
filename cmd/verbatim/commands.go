package main

import "github.com/spf13/cobra"

// group is a part of the list of commands in the help.
type group struct {
	title    string
	commands []*cobra.Command
}

// commands returns all commands but help, which is cobra's, in the order of the
// help.
func (p *program) commands() []group {
	return []group{
		{"Ask and look up", []*cobra.Command{
			p.askCommand(), p.searchCommand(), p.quoteCommand(), p.sourcesCommand(), p.sourceCommand(), p.chatCommand(),
		}},
		{"Keep articles", []*cobra.Command{p.ingestCommand(), p.removeCommand(), p.reindexCommand()}},
		{"Run and check", []*cobra.Command{
			p.botCommand(), p.doctorCommand(), p.evalCommand(), p.feedbackCommand(), p.completionCommand(), p.versionCommand(),
		}},
	}
}
