package main

import "github.com/spf13/cobra"

// commands returns all commands but help and completion, which are cobra's.
func (p *program) commands() []*cobra.Command {
	return []*cobra.Command{
		p.askCommand(), p.searchCommand(), p.quoteCommand(), p.sourcesCommand(), p.sourceCommand(), p.chatCommand(),
		p.ingestCommand(), p.removeCommand(), p.reindexCommand(),
		p.evalCommand(),
	}
}
