package main

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/floorlight/floorlight/live"
)

// settings is everything that can be set. A field's flag is also, in capitals
// and with FLOORLIGHT_ before it, its environment variable, and with underscores
// its key in the file. The tag empty says what an empty value means, the tag
// secret how the value is masked: whole, or the credentials in a URL.
type settings struct {
	Config           string        `name:"config" placeholder:"FILE" help:"YAML file with settings." empty:"none"`
	Listen           string        `name:"listen" default:"127.0.0.1:8080" help:"Address for HTTP; port 0 picks one."`
	DataDir          string        `name:"data-dir" default:"./data" help:"Directory for everything that is kept."`
	NATSURL          string        `name:"nats-url" help:"External NATS, comma-separated; empty: inside the process." empty:"inside the process" secret:"url"`
	NATSListen       string        `name:"nats-listen" default:"127.0.0.1:4222" help:"Client port of the NATS inside the process; off for none."`
	NATSCredentials  string        `name:"nats-credentials" placeholder:"FILE" help:"Credentials file for the external NATS." empty:"none"`
	NATSCA           string        `name:"nats-ca" placeholder:"FILE" help:"Certificate authority of the external NATS." empty:"the system's"`
	NATSCert         string        `name:"nats-cert" placeholder:"FILE" help:"Client certificate for the external NATS." empty:"none"`
	NATSKey          string        `name:"nats-key" placeholder:"FILE" help:"Its key." empty:"none"`
	DatabaseURL      string        `name:"database-url" help:"External PostgreSQL; empty: one of its own." empty:"one of its own" secret:"url"`
	PostgresBin      string        `name:"postgres-bin" placeholder:"DIR" help:"Directory of initdb and postgres." empty:"found"`
	Partitions       amount        `name:"partitions" default:"0" help:"Over how many partitions the tenants are spread, so that servers share them; 0: as the stream has it, 8 for a new one on an external NATS."`
	StreamSize       size          `name:"stream-size" help:"At how many bytes the stream takes no more, such as 10GiB, the same for all servers; empty: by the disk of the NATS inside the process, 10GiB on an external one." empty:"by the disk, or 10GiB"`
	Secret           string        `name:"secret" help:"Signs tokens; made once and kept in the data directory." empty:"kept in the data directory" secret:"whole"`
	Tick             time.Duration `name:"tick" default:"100ms" help:"A topic changes at most once in it; 10ms to 1s."`
	StreamKeep       time.Duration `name:"stream-keep" default:"24h" help:"How long committed events stay in the stream; 1m to 720h."`
	Log              string        `name:"log" default:"info" help:"trace, debug, info, warn, error or off."`
	TLSCert          string        `name:"tls-cert" placeholder:"FILE" help:"Certificate for HTTPS." empty:"none"`
	TLSKey           string        `name:"tls-key" placeholder:"FILE" help:"Its key." empty:"none"`
	TrustedProxy     []string      `name:"trusted-proxy" help:"Addresses or networks whose X-Forwarded headers count." empty:"none"`
	Origin           []string      `name:"origin" help:"Further origins that browsers may come from." empty:"none"`
	Host             []string      `name:"host" help:"Names that browsers may reach the server by; empty: on a loopback address localhost, else any." empty:"by the address"`
	LimitToken       live.Rate     `name:"limit-token" default:"10000/10s" help:"Requests with one token, such as 500/s or 100/min; off for any number."`
	LimitTenant      live.Rate     `name:"limit-tenant" default:"20000/10s" help:"Requests and checks of one desk."`
	LimitAddress     live.Rate     `name:"limit-address" default:"20000/10s" help:"Requests from one address, with a token or without."`
	LimitFailures    live.Rate     `name:"limit-failures" default:"120/min" help:"Tokens and tickets from one address that are not good."`
	LimitOpens       live.Rate     `name:"limit-opens" default:"12000/min" help:"New sockets, event streams and tickets of one address; with one token a quarter of it."`
	LimitFrames      live.Rate     `name:"limit-frames" default:"6000/10s" help:"Frames that clients send, over all sockets of one token."`
	LimitReports     amount        `name:"limit-reports" default:"6" help:"Reports at a time with one token, of one desk four times as many; 0 for any number."`
	LimitExports     amount        `name:"limit-exports" default:"2" help:"Exports at a time with one token, of one desk four times as many."`
	LimitSockets     amount        `name:"limit-sockets" default:"2000" help:"Sockets and event streams at a time with one token, of one desk ten times as many."`
	LimitConnections amount        `name:"limit-connections" default:"20000" help:"Connections of one address at a time."`
	NoMigrate        bool          `name:"no-migrate" help:"Leave the database's schema alone at the start."`
}

// source says where a value comes from, as floorlight config prints it.
type source string

const (
	fromDefault source = "default"
	fromFlag    source = "flag"
)

func fromEnv(name string) source { return source("env " + name) }

func fromFile(path string, line int) source { return source(fmt.Sprintf("file %s:%d", path, line)) }

// keyOf is a flag's key in the settings file.
func keyOf(flag string) string { return strings.ReplaceAll(flag, "-", "_") }

// envOf is a flag's environment variable.
func envOf(flag string) string { return "FLOORLIGHT_" + strings.ToUpper(keyOf(flag)) }

// inForce is one setting as floorlight config prints it.
type inForce struct {
	key    string
	shown  string // the value, masked
	source source
}

// fault is one thing that is wrong with the settings.
type fault struct {
	key    string
	text   string
	source source
}

// settingsError is every fault in one message.
type settingsError struct{ faults []fault }

func (e *settingsError) Error() string {
	var b strings.Builder
	b.WriteString("these settings are wrong:")
	for _, f := range e.faults {
		fmt.Fprintf(&b, "\n  %s: %s (%s)", f.key, f.text, f.source)
	}
	return b.String()
}

// loader brings the settings from the environment and the file into kong, which
// brings those from flags, and gathers what is wrong instead of stopping at the
// first fault.
type loader struct {
	getenv  func(string) string
	file    *settingsFile // nil until the first setting is resolved
	sources map[string]source
	faults  []fault
}

func newLoader(getenv func(string) string) *loader {
	return &loader{getenv: getenv, sources: map[string]source{}}
}

// options are what kong needs to ask the loader.
func (l *loader) options() []kong.Option {
	return []kong.Option{
		kong.Resolvers(kong.ResolverFunc(l.resolve)),
		kong.TypeMapper(reflect.TypeFor[time.Duration](), kong.MapperFunc(l.decodeDuration)),
		kong.TypeMapper(reflect.TypeFor[live.Rate](), kong.MapperFunc(l.decodeRate)),
		kong.TypeMapper(reflect.TypeFor[amount](), kong.MapperFunc(l.decodeAmount)),
		kong.TypeMapper(reflect.TypeFor[size](), kong.MapperFunc(l.decodeSize)),
	}
}

// from is where a setting comes from, unless a flag set it: kong does not ask
// the loader for those.
func (l *loader) from(key string) source {
	if s, ok := l.sources[key]; ok {
		return s
	}
	return fromFlag
}

func (l *loader) fault(key, format string, args ...any) {
	l.faults = append(l.faults, fault{key: key, text: fmt.Sprintf(format, args...), source: l.from(key)})
}

// resolve is called by kong for each flag that the command line leaves out, the
// shared ones first. A command's own flags are no settings.
func (l *loader) resolve(ctx *kong.Context, path *kong.Path, flag *kong.Flag) (any, error) {
	if path.App == nil || flag.Name == "help" {
		return nil, nil
	}
	if l.file == nil {
		l.openFile(ctx, path)
	}
	key, name := keyOf(flag.Name), envOf(flag.Name)
	l.sources[key] = fromDefault
	text := l.getenv(name)
	if text != "" {
		l.sources[key] = fromEnv(name)
	} else {
		var found bool
		if text, found = l.fromFile(key, flag); !found {
			return nil, nil
		}
	}
	if !flag.IsBool() {
		return text, nil
	}
	on, ok := parsed(strconv.ParseBool(text))
	if !ok {
		l.fault(key, "%q is neither true nor false", text)
	}
	return on, nil
}

// parsed is for values whose error says less than the fault that is told.
func parsed[T any](v T, err error) (T, bool) { return v, err == nil }

// openFile reads the file that --config or the environment names, and tells
// what in it is no setting.
func (l *loader) openFile(ctx *kong.Context, root *kong.Path) {
	name := l.getenv(envOf("config"))
	known := map[string]bool{}
	for _, flag := range root.Flags {
		known[keyOf(flag.Name)] = flag.Name != "help" && flag.Name != "config"
	}
	for _, p := range ctx.Path {
		if p.Flag != nil && p.Flag.Name == "config" {
			name, _ = ctx.FlagValue(p.Flag).(string)
		}
	}
	l.file = &settingsFile{}
	if name == "" {
		return
	}
	file, err := readSettingsFile(name)
	if err != nil {
		l.faults = append(l.faults, fault{key: "config", text: err.Error(), source: source("file " + name)})
		return
	}
	l.file = file
	for _, e := range file.entries {
		if !known[e.key] {
			l.faults = append(l.faults, fault{key: e.key, text: "unknown key", source: fromFile(name, e.line)})
		}
	}
}

// fromFile is a setting's text in the file; a list is joined with commas, which
// no element can contain.
func (l *loader) fromFile(key string, flag *kong.Flag) (text string, found bool) {
	for _, e := range l.file.entries {
		if e.key != key {
			continue
		}
		l.sources[key] = fromFile(l.file.name, e.line)
		switch {
		case e.broken != "":
			l.fault(key, "%s", e.broken)
			return "", false
		case e.list && !flag.IsSlice():
			l.fault(key, "takes one value, not a list")
			return "", false
		}
		return e.text, true
	}
	return "", false
}

// decodeDuration gathers a bad duration as a fault and goes on.
func (l *loader) decodeDuration(ctx *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := ctx.Scan.PopValueInto("duration", &text); err != nil {
		return err
	}
	d, ok := parsed(time.ParseDuration(text))
	if !ok {
		l.fault(keyOf(ctx.Value.Name), "%q is not a duration like 100ms or 24h", text)
	}
	target.SetInt(int64(d))
	return nil
}

// decodeRate gathers a bad rate as a fault and goes on.
func (l *loader) decodeRate(ctx *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := ctx.Scan.PopValueInto("rate", &text); err != nil {
		return err
	}
	r, err := live.ParseRate(text)
	if err != nil {
		l.fault(keyOf(ctx.Value.Name), "%s", err)
	}
	target.Set(reflect.ValueOf(r))
	return nil
}

// amount is a number of things, from 0.
type amount int

// decodeAmount gathers a bad number as a fault and goes on.
func (l *loader) decodeAmount(ctx *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := ctx.Scan.PopValueInto("number", &text); err != nil {
		return err
	}
	n, ok := parsed(strconv.ParseUint(text, 10, 31))
	if !ok {
		l.fault(keyOf(ctx.Value.Name), "%q is not a number from 0", text)
	}
	target.SetInt(int64(n)) //nolint:gosec // it has 31 bits.
	return nil
}

// limits are those of the settings.
func (s *settings) limits() live.Limits {
	return live.Limits{
		Token: s.LimitToken, Tenant: s.LimitTenant, Address: s.LimitAddress, Failures: s.LimitFailures, Opens: s.LimitOpens, Frames: s.LimitFrames,
		Reports: int(s.LimitReports), Exports: int(s.LimitExports), Sockets: int(s.LimitSockets),
	}
}

// inForce lists the settings of a parsed command line in the struct's order.
func (l *loader) inForce(app *kong.Application) []inForce {
	var all []inForce
	for _, flag := range app.Flags {
		if flag.Name == "help" {
			continue
		}
		key := keyOf(flag.Name)
		all = append(all, inForce{key: key, shown: shown(flag), source: l.from(key)})
	}
	return all
}

// shown is a setting's value for people: masked where it is secret, and what an
// empty one means.
func shown(flag *kong.Flag) string {
	var text string
	switch v := flag.Target.Interface().(type) {
	case []string:
		text = strings.Join(v, ",")
	default:
		text = fmt.Sprint(v)
	}
	if text == "" {
		return "(" + flag.Tag.Get("empty") + ")"
	}
	switch flag.Tag.Get("secret") {
	case "whole":
		return mask
	case "url":
		return maskURLs(text)
	}
	return text
}

const mask = "********"

var (
	urlUser     = regexp.MustCompile(`(\w+)://([^/?#\s,]*)@`)
	dsnPassword = regexp.MustCompile(`(?i)(password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&']+)`)
)

// maskURLs hides passwords in URLs and in libpq's key=value form. A user
// without a password is a token for NATS and just a name for PostgreSQL.
func maskURLs(text string) string {
	text = urlUser.ReplaceAllStringFunc(text, func(m string) string {
		part := urlUser.FindStringSubmatch(m)
		user, _, password := strings.Cut(part[2], ":")
		switch {
		case password:
			return part[1] + "://" + user + ":" + mask + "@"
		case strings.HasPrefix(part[1], "postgres"):
			return m
		default:
			return part[1] + "://" + mask + "@"
		}
	})
	return dsnPassword.ReplaceAllString(text, "${1}"+mask)
}
