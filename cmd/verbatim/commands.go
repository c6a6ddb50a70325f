package main

import "github.com/spf13/cobra"

// commands returns all commands but help, which is cobra's.
func (p *program) commands() []*cobra.Command {
	return []*cobra.Command{
		p.askCommand(), p.searchCommand(), p.quoteCommand(), p.sourcesCommand(), p.sourceCommand(), p.chatCommand(),
		p.ingestCommand(), p.removeCommand(), p.reindexCommand(),
		p.botCommand(), p.doctorCommand(), p.evalCommand(), p.feedbackCommand(), p.completionCommand(),
	}
}
