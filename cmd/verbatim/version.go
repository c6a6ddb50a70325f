package main

import (
	_ "embed"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

//go:generate go run gen_notice.go

// notice holds the licenses of everything that is linked into the program.
//
//go:embed NOTICE
var notice string

func (p *program) versionCommand() *cobra.Command {
	var licenses bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "print the version; --licenses prints the licenses",
		Long: `Version prints the version of the program. With --licenses it prints the license
of the program and those of the libraries and data that are part of it.`,
		Example: `  verbatim version
  verbatim version --licenses | less`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return p.version(licenses) },
	}
	cmd.Flags().BoolVar(&licenses, "licenses", false, "print the licenses of the program and of what is part of it")
	return cmd
}

type versionJSON struct {
	Version  string   `json:"version"`
	Revision string   `json:"revision"` // of the source, "" if it is not known
	Go       string   `json:"go"`
	Licenses string   `json:"licenses,omitempty"`
	Notes    []string `json:"notes"`
}

func (p *program) version(licenses bool) error {
	out := versionJSON{Version: "unknown", Notes: []string{}}
	if info, ok := debug.ReadBuildInfo(); ok {
		out.Version, out.Go = info.Main.Version, info.GoVersion
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				out.Revision = s.Value
			}
		}
	}
	if licenses {
		out.Licenses = notice
	}
	if p.flags.json {
		return p.printJSON(out)
	}
	text := "verbatim " + out.Version + ", built with " + out.Go + "\n"
	if licenses {
		text = notice
	}
	if _, err := fmt.Fprint(p.stdout, text); err != nil {
		return fmt.Errorf("write the version: %w", err)
	}
	return nil
}
