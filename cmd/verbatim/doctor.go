package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"verbatim/bot"
	"verbatim/internal/app"
	"verbatim/internal/openai"
	"verbatim/internal/safetext"
	"verbatim/internal/settings"
	"verbatim/retrieval"
	"verbatim/retrieval/embed"
)

func (p *program) doctorCommand() *cobra.Command {
	var discord, model bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "check config, keys, model and index; --discord",
		Long: `Doctor checks the config, the folders, the catalogue and its indexes, the
settings, and the servers of the model and the embeddings if they are configured.
With --discord it also checks the bot's token, intents, permissions and commands.
It changes nothing. For each fault it says how to fix it, and it exits with 1.`,
		Example: `  verbatim doctor
  verbatim doctor --discord`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.doctor(cmd.Context(), discord, model) },
	}
	cmd.Flags().BoolVar(&model, "model", false, "send the model a prompt of full size, as is done to a server on this machine")
	cmd.Flags().BoolVar(&discord, "discord", false, "check what the Discord bot needs too")
	return cmd
}

// finding is one thing that doctor looked at.
type finding struct {
	OK   bool   `json:"ok"`
	What string `json:"what"`
	Fix  string `json:"fix"` // how; "" if it is ok
}

type doctorJSON struct {
	Findings []finding `json:"findings"`
	Faults   int       `json:"faults"`
	Notes    []string  `json:"notes"`
}

// examination is one run of doctor.
type examination struct {
	*program
	app       *app.App
	fullModel bool // a prompt of full size is sent to the model
	findings  []finding
}

func (x *examination) ok(format string, args ...any) {
	x.findings = append(x.findings, finding{OK: true, What: fmt.Sprintf(format, args...)})
}

func (x *examination) fault(fix, format string, args ...any) {
	x.findings = append(x.findings, finding{What: fmt.Sprintf(format, args...), Fix: fix})
}

func (p *program) doctor(ctx context.Context, discord, model bool) error {
	x := &examination{program: p, fullModel: model}
	if x.checkConfig() {
		at := x.app.Places
		x.checkPlaces(at)
		if at.Catalogue != "" {
			x.checkCatalogue(ctx)
			x.checkMemory(ctx, at.Settings())
		}
		x.checkServers(ctx)
		if discord {
			x.checkDiscord(ctx)
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return p.printFindings(x.findings)
}

func (p *program) printFindings(findings []finding) error {
	faults := 0
	for _, f := range findings {
		if !f.OK {
			faults++
		}
	}
	if p.flags.json {
		if err := p.printJSON(doctorJSON{Findings: findings, Faults: faults, Notes: []string{}}); err != nil {
			return err
		}
		return faultsFound(faults)
	}
	s := p.newScreen(p.stdout)
	for _, f := range findings {
		if f.OK {
			s.para(s.accent.Render("ok")+"     ", safetext.Line(f.What), s.plain)
			continue
		}
		s.para(s.warn.Render("FAULT")+"  ", safetext.Line(f.What), s.bold)
		s.para("       ", "To fix it: "+safetext.Line(f.Fix), s.plain)
	}
	if s.err != nil {
		return s.err
	}
	return faultsFound(faults)
}

func faultsFound(n int) error {
	if n == 0 {
		return nil
	}
	return fmt.Errorf("doctor found %s", plural(n, "fault"))
}

func (x *examination) checkConfig() bool {
	c, path, err := x.loadConfig(x.flags.config)
	if err != nil {
		x.fault("correct the file; config.example.yaml explains every key", "config: %v", err)
		return false
	}
	if x.flags.data != "" {
		c.Data = x.flags.data
	}
	x.app = x.appOf(c)
	if path == "" {
		x.ok("config: there is no file, so the defaults apply")
	} else {
		x.ok("config: %s", path)
	}
	return true
}

// checkPlaces tries to write where the program would write.
func (x *examination) checkPlaces(at app.Places) {
	if at.Catalogue == "" {
		x.fault("set HOME, or name a folder with --data", "folders: there is no home directory, so nothing can be kept")
		return
	}
	for _, place := range []struct{ name, dir string }{{"catalogue", at.Catalogue}, {"cache", at.Cache}} {
		if place.dir == "" {
			x.fault("set HOME or XDG_CACHE_HOME, or name a folder with --data", "folders: there is no place for the %s", place.name)
			continue
		}
		if err := tryWrite(place.dir); err != nil {
			x.fault("check the permissions and the free space of the folder, or name another with --data", "folders: the %s cannot be written: %v", place.name, err)
		} else {
			x.ok("folders: the %s goes to %s", place.name, place.dir)
		}
	}
}

// tryWrite makes and removes a file in dir, or in the nearest folder above it
// that is there.
func tryWrite(dir string) error {
	f, err := os.CreateTemp(existing(dir), ".verbatim-doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func (x *examination) checkCatalogue(ctx context.Context) {
	health, err := x.app.CheckCatalogue(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		x.ok("catalogue: nothing has been ingested, so the five articles inside the program are the corpus")
		return
	}
	if err != nil {
		x.fault(catalogueFix(err), "catalogue: %v", err)
		return
	}
	for _, problem := range health.Problems {
		x.fault(problemFix(problem), "catalogue: %s", problem)
	}
	if len(health.Problems) == 0 {
		x.ok("catalogue: %s in %s revisions and %s, %s vectors of %q, schema %d", plural(health.Articles, "article"),
			itoa(health.Revisions), plural(health.Passages, "passage"), itoa(health.Vectors), health.Model, health.Schema)
	}
	if model := x.embeddingModel(); health.Model != "" && model != "" && model != health.Model {
		x.fault("run 'verbatim reindex', which embeds all articles again; until then they are found by words alone",
			"vectors: the catalogue's are of %q, but the embeddings are set to %q", health.Model, model)
	}
}

// embeddingModel names the embeddings that the config asks for.
func (x *examination) embeddingModel() string {
	if e, err := x.app.NewEmbeddings(nil); err == nil && e != nil {
		return e.Model()
	}
	if e, err := embed.New(); err == nil {
		return e.Model()
	}
	return ""
}

// problemFix says what helps against a problem that an examination of the
// catalogue found.
func problemFix(problem string) string {
	switch {
	case strings.Contains(problem, "verbatim remove"):
		return "do that, or restore a backup"
	case strings.Contains(problem, "word index"):
		return "run 'verbatim reindex'"
	}
	return "restore a backup of the folder (with catalogue.db-wal and catalogue.db-shm, if they are there)"
}

func catalogueFix(err error) string {
	switch {
	case errors.Is(err, retrieval.ErrNewer):
		return "use the newer version of the program that wrote it"
	case errors.Is(err, retrieval.ErrOlder):
		return "run 'verbatim reindex', which brings it to this version"
	case errors.Is(err, retrieval.ErrDamaged):
		return "restore the folder from a backup, or move it away and ingest again; the program does not touch it"
	}
	return "check the permissions of the folder, and the disk"
}

func (x *examination) checkMemory(ctx context.Context, path string) {
	if !exists(path) {
		x.ok("settings: there are none yet; the bot creates them")
		return
	}
	m, err := settings.Open(ctx, settings.Options{Path: path})
	if err != nil {
		x.fault("restore the file and its key from a backup, or move both away", "settings: %v", err)
		return
	}
	spent, err := m.Spent(ctx, x.now(), "*")
	if err := errors.Join(err, m.Close()); err != nil {
		x.fault("check the disk", "settings: %v", err)
		return
	}
	today := ""
	if spent.Questions > 0 {
		today = fmt.Sprintf("; today (UTC) the model read %s tokens and wrote %s for %s", itoa(int(spent.In)), itoa(int(spent.Out)), plural(spent.Questions, "question"))
		if most := x.app.Config.Model.DailyTokens; most > 0 {
			today += "; " + itoa(int(most)) + " are allowed"
		}
	}
	x.ok("settings: %s%s", path, today)
}

// checkServers calls each configured server once.
func (x *examination) checkServers(ctx context.Context) {
	chat, err := x.app.NewChat(nil)
	switch {
	case err != nil:
		x.fault("correct the section model of the config", "model: %v", err)
	case chat == nil:
		x.ok("model: none is configured, so answers are quotes only")
	default:
		x.diagnosed("model", chat.Check(ctx, x.fullModel))
	}
	embeddings, err := x.app.NewEmbeddings(nil)
	switch {
	case err != nil:
		x.fault("correct the section embeddings of the config", "embeddings: %v", err)
	case embeddings == nil:
		x.ok("embeddings: the built-in ones")
	default:
		x.diagnosed("embeddings", embeddings.Check(ctx))
	}
	if x.app.Config.Embeddings.Model != "" && x.app.EmbeddingsKey() == "" && x.getenv("OPENAI_API_KEY") != "" {
		x.ok("embeddings: OPENAI_API_KEY is sent to the chat server only; if the embeddings server needs a key, set VERBATIM_EMBEDDINGS_KEY")
	}
}

func (x *examination) diagnosed(name string, d openai.Diagnosis) {
	if d.OK {
		x.ok("%s: %s", name, d.What)
		return
	}
	x.fault(d.Advice, "%s: %s", name, d.What)
}

func (x *examination) checkDiscord(ctx context.Context) {
	options, err := x.botOptions(x.app.Config, x.app.Log)
	if err != nil {
		x.fault("correct the section discord of the config", "discord: %v", err)
		return
	}
	for _, f := range bot.Check(ctx, options) {
		x.findings = append(x.findings, finding{OK: f.OK, What: "discord: " + f.What, Fix: f.Mend})
	}
}

// exists reports whether there is a file or directory at path, or something
// that keeps it from being known.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil || !os.IsNotExist(err)
}

// existing returns dir or the nearest folder above it that exists.
func existing(dir string) string {
	for !exists(dir) {
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return dir
}
