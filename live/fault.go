package live

import (
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/hub/stream"
	"github.com/floorlight/floorlight/risk"
)

// Code is an error's stable name, the `code` of problem documents and error frames.
type Code string

// The codes. Refused events and checks answer with the reasons of package event as well.
const (
	CodeUnauthorized    Code = "unauthorized"
	CodeTokenEnded      Code = "token_ended"
	CodeTicketUsed      Code = "ticket_used"
	CodeForbidden       Code = "forbidden"
	CodeForbiddenOrigin Code = "forbidden_origin"
	CodeWrongTenant     Code = "wrong_tenant"
	CodeNotFound        Code = "not_found"
	CodeMethod          Code = "method_not_allowed"
	CodeUnknownTopic    Code = "unknown_topic"
	CodeUnknownOp       Code = "unknown_op"
	CodeUnknownSub      Code = "unknown_sub"
	CodeSubInUse        Code = "sub_in_use"
	CodeTooManySubs     Code = "too_many_subscriptions"
	CodeTooManyFilters  Code = "too_many_filters"
	CodeTooManyEvents   Code = "too_many_events"
	CodeTooManyMessages Code = "too_many_messages"
	CodeTooManyRequests Code = "too_many_requests"
	CodeForbiddenHost   Code = "forbidden_host"
	CodeProtocol        Code = "protocol_error"
	CodeInvalid         Code = "invalid_parameter"
	CodeInvalidProfile  Code = "invalid_profile"
	CodeInvalidRules    Code = "invalid_rules"
	CodeRefused         Code = "refused"
	CodeMessageReused   Code = "message_reused"
	CodeConflict        Code = "conflict"
	CodeNotJSON         Code = "not_json"
	CodeTooLarge        Code = "too_large"
	CodeMediaType       Code = "unsupported_media_type"
	CodeEncoding        Code = "bad_encoding"
	CodeNotReady        Code = "not_ready"
	CodeBusy            Code = "busy"
	CodeUnavailable     Code = "unavailable"
	CodeStreamFull      Code = "stream_full"
	CodeRestart         Code = "restart"
	CodeInternal        Code = "internal"
)

// Sentinels that the implementations of this package's interfaces wrap.
var (
	// ErrUnavailable says that nobody can answer now, such as reports without a
	// database: 503, never an empty answer.
	ErrUnavailable = errors.New("unavailable")
	// ErrNotFound says that there is no such thing, or none that the caller may see.
	ErrNotFound = errors.New("not found")
)

// kind is what the table says of a code.
type kind struct {
	status  int
	close   int // the WebSocket close code; 0: answered by an error frame
	text    event.Text
	seconds int // Retry-After; 0: none
}

// kinds is the one table of errors.
var kinds = map[Code]kind{
	CodeUnauthorized:    {status: 401, text: event.Text{EN: "A valid token is required.", ZH: "需要有效的令牌。"}},
	CodeTokenEnded:      {status: 401, close: 4401, text: event.Text{EN: "The token has expired or was revoked.", ZH: "令牌已过期或已被吊销。"}},
	CodeTicketUsed:      {status: 401, text: event.Text{EN: "The ticket has been used or has expired; ask for a new one.", ZH: "票据已被使用或已过期，请重新获取。"}},
	CodeForbidden:       {status: 403, close: 4403, text: event.Text{EN: "This token may not do that.", ZH: "该令牌无权执行此操作。"}},
	CodeForbiddenOrigin: {status: 403, text: event.Text{EN: "Browsers may not come from this origin.", ZH: "不允许浏览器从该来源访问。"}},
	CodeWrongTenant:     {status: 403, text: event.Text{EN: "The tenant is not the token's.", ZH: "租户与令牌不一致。"}},
	CodeNotFound:        {status: 404, text: event.Text{EN: "There is no such thing.", ZH: "未找到。"}},
	CodeMethod:          {status: 405, text: event.Text{EN: "This method is not allowed here.", ZH: "此处不允许该方法。"}},
	CodeUnknownTopic:    {status: 404, text: event.Text{EN: "There is no such topic.", ZH: "没有该主题。"}},
	CodeUnknownOp:       {status: 400, text: event.Text{EN: "There is no such op.", ZH: "没有该操作。"}},
	CodeUnknownSub:      {status: 404, text: event.Text{EN: "This connection has no such subscription.", ZH: "该连接没有此订阅。"}},
	CodeSubInUse:        {status: 409, text: event.Text{EN: "This connection has a subscription with that id.", ZH: "该连接已有使用此编号的订阅。"}},
	CodeTooManySubs:     {status: 429, text: event.Text{EN: "This connection has too many subscriptions.", ZH: "该连接的订阅过多。"}},
	CodeTooManyFilters:  {status: 429, text: event.Text{EN: "The tenant has too many filters in use.", ZH: "该租户使用的筛选条件过多。"}, seconds: 30},
	CodeTooManyEvents:   {status: 413, text: event.Text{EN: "Too many events in one batch.", ZH: "单批事件过多。"}},
	CodeTooManyMessages: {status: 429, close: 4429, text: event.Text{EN: "Too many messages.", ZH: "消息过多。"}, seconds: 10},
	CodeTooManyRequests: {status: 429, close: 4429, text: event.Text{EN: "Too much was asked for; come back later.", ZH: "请求过多，请稍后再试。"}, seconds: 1},
	CodeForbiddenHost:   {status: 421, text: event.Text{EN: "This server does not go by that name.", ZH: "本服务器不使用该主机名。"}},
	CodeProtocol:        {status: 400, close: 4400, text: event.Text{EN: "This is not the protocol floorlight.v1.", ZH: "不符合 floorlight.v1 协议。"}},
	CodeInvalid:         {status: 400, text: event.Text{EN: "A parameter is not valid.", ZH: "参数无效。"}},
	CodeInvalidProfile:  {status: 422, text: event.Text{EN: "These settings cannot be in force.", ZH: "这些设置无法生效。"}},
	CodeInvalidRules:    {status: 422, text: event.Text{EN: "These rules cannot be in force; the ones before stay.", ZH: "这些规则无法生效，原有规则保持不变。"}},
	CodeRefused:         {status: 422, text: event.Text{EN: "The event was refused.", ZH: "事件被拒绝。"}},
	CodeMessageReused:   {status: 409, text: event.Text{EN: "The conversation has another message with this id.", ZH: "该会话中已有使用此编号的另一条消息。"}},
	CodeConflict:        {status: 409, text: event.Text{EN: "Somebody else has changed this meanwhile; read it again.", ZH: "其他人已修改此内容，请重新读取。"}},
	CodeNotJSON:         {status: 400, text: event.Text{EN: "The body is not JSON.", ZH: "请求体不是 JSON。"}},
	CodeTooLarge:        {status: 413, text: event.Text{EN: "The request is too large.", ZH: "请求过大。"}},
	CodeMediaType:       {status: 415, text: event.Text{EN: "This media type is not taken here.", ZH: "此处不接受该媒体类型。"}},
	CodeEncoding:        {status: 400, text: event.Text{EN: "The body cannot be decompressed.", ZH: "请求体无法解压。"}},
	CodeNotReady:        {status: 503, text: event.Text{EN: "The server is still catching up.", ZH: "服务器仍在同步数据。"}, seconds: 2},
	CodeBusy:            {status: 503, close: 1013, text: event.Text{EN: "The server is too busy; come back.", ZH: "服务器繁忙，请稍后再试。"}, seconds: 2},
	CodeUnavailable:     {status: 503, text: event.Text{EN: "This cannot be answered now; try again.", ZH: "暂时无法应答，请重试。"}, seconds: 5},
	CodeStreamFull:      {status: 503, text: event.Text{EN: "The stream is full and takes nothing for now.", ZH: "事件流已满，暂不接收。"}, seconds: 30},
	CodeRestart:         {status: 503, close: 1012, text: event.Text{EN: "The server restarts; come back.", ZH: "服务器正在重启，请稍后重连。"}, seconds: 2},
	CodeInternal:        {status: 500, text: event.Text{EN: "Something went wrong here.", ZH: "服务器内部错误。"}},

	// What a check or an event can be refused for.
	Code(event.UnknownType):     {status: 422, text: event.Text{EN: "The event's type is unknown.", ZH: "未知的事件类型。"}},
	Code(event.MissingField):    {status: 422, text: event.Text{EN: "A field is missing.", ZH: "缺少字段。"}},
	Code(event.InvalidField):    {status: 422, text: event.Text{EN: "A field is not valid.", ZH: "字段无效。"}},
	Code(event.SubjectMismatch): {status: 422, text: event.Text{EN: "The subject disagrees with the envelope.", ZH: "主题与信封不一致。"}},
	Code(event.TimeTooFarAhead): {status: 422, text: event.Text{EN: "The time is too far ahead.", ZH: "时间超前过多。"}},
	Code(event.TimeOutOfRange):  {status: 422, text: event.Text{EN: "The time is out of range.", ZH: "时间超出范围。"}},
	Code(event.IDReused):        {status: 409, text: event.Text{EN: "The id was used before with another time.", ZH: "该编号已用于不同时间的事件。"}},
}

// Fault is an error as callers see it. Err is what happened inside, for the log.
type Fault struct {
	Code   Code
	Field  string // the parameter at fault, where there is one
	Detail string // what is wrong with it; never a message's text
	Err    error
	Wait   time.Duration // until it is worth another try; 0: what the table says
	// Rules are the faults of a rule set, each with its place.
	Rules []*risk.RuleError
}

func (f *Fault) Error() string {
	parts := []string{string(f.Code)}
	for _, s := range []string{f.Field, f.Detail} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ": ")
}

func (f *Fault) Unwrap() error { return f.Err }

func (f *Fault) kind() kind {
	if k, ok := kinds[f.Code]; ok {
		return k
	}
	return kinds[CodeInternal]
}

// fault makes an error with that code.
func fault(code Code, detail string) *Fault { return &Fault{Code: code, Detail: detail} }

// faultOf puts any error into the table. What is not known is internal.
func faultOf(err error) *Fault {
	var f *Fault
	var field *metric.FieldError
	var refusal *event.Refusal
	var rules *risk.SetError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &field):
		return &Fault{Code: CodeInvalid, Field: field.Field, Detail: field.Message, Err: err}
	case errors.As(err, &refusal):
		return &Fault{Code: Code(refusal.Reason), Field: refusal.Field, Detail: refusal.Detail, Err: err}
	case errors.As(err, &rules):
		return &Fault{Code: CodeInvalidRules, Field: "set", Detail: rules.Error(), Err: err, Rules: rules.Faults}
	case errors.Is(err, metric.ErrProfile):
		return &Fault{Code: CodeInvalidProfile, Detail: err.Error(), Err: err}
	case errors.Is(err, stream.ErrFull):
		return &Fault{Code: CodeStreamFull, Err: err}
	case errors.Is(err, stream.ErrTooLarge):
		return &Fault{Code: CodeTooLarge, Err: err}
	case errors.Is(err, ErrVersion):
		return &Fault{Code: CodeConflict, Field: "version", Err: err}
	case errors.Is(err, ErrNotFound), errors.Is(err, stream.ErrNotFound):
		return &Fault{Code: CodeNotFound, Err: err}
	}
	if code := hubCode(err); code != "" {
		return &Fault{Code: code, Err: err}
	}
	if errors.Is(err, ErrUnavailable) || errors.Is(err, stream.ErrUnavailable) || unanswered(err) {
		return &Fault{Code: CodeUnavailable, Err: err}
	}
	return &Fault{Code: CodeInternal, Err: err}
}

// FaultOf puts any error into the table of errors, for another server that answers
// with it.
func FaultOf(err error) *Fault { return faultOf(err) }

// Problem is an RFC 9457 problem document with a stable code.
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   Code   `json:"code" doc:"The error's stable name."`
	Detail string `json:"detail,omitempty"`
	Field  string `json:"field,omitempty" doc:"The parameter or field at fault."`

	Faults []*risk.RuleError `json:"faults,omitempty" doc:"Every fault of a rule set."`

	seconds int
}

// problem is the fault as an HTTP answer in that language.
func (f *Fault) problem(lang string) *Problem {
	k := f.kind()
	if f.Wait > 0 {
		k.seconds = int((f.Wait + time.Second - 1) / time.Second)
	}
	return &Problem{
		Type: "about:blank", Title: pick(k.text, lang), Status: k.status, Code: f.Code,
		Detail: f.Detail, Field: f.Field, Faults: f.Rules, seconds: k.seconds,
	}
}

// Error is the problem's code and detail.
func (p *Problem) Error() string { return string(p.Code) + ": " + p.Detail }

// GetStatus is the HTTP status, as huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of a problem document, as huma asks for it.
func (p *Problem) ContentType(string) string { return problemType }

// GetHeaders are those that go with the problem, as huma asks for them.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.seconds > 0 {
		h.Set("Retry-After", itoa(p.seconds))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="floorlight"`)
	}
	return h
}

const problemType = "application/problem+json"

// write sends the problem with what else its members say.
func (p *Problem) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), p.GetHeaders())
	writeJSON(w, p.Status, problemType, p)
}

// writeJSON sends v. A caller that has gone away is nobody's fault.
func writeJSON(w http.ResponseWriter, status int, contentType string, v any) {
	body, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		status, contentType, body = http.StatusInternalServerError, problemType, []byte(`{"type":"about:blank","title":"Something went wrong here.","status":500,"code":"internal"}`)
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", itoa(len(body)))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) //nolint:gosec // JSON with its own media type and nosniff; nothing renders it.
}

func pick(t event.Text, lang string) string {
	if lang == "zh" && t.ZH != "" {
		return t.ZH
	}
	return t.EN
}

// language is the one of the two that there are which the caller likes best.
func language(r *http.Request) string {
	best, weight := "en", 0.0
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, parameter, _ := strings.Cut(strings.TrimSpace(part), ";")
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		if primary != "zh" && primary != "en" {
			continue
		}
		if q := quality(parameter); q > weight { // of two alike the first
			best, weight = primary, q
		}
	}
	return best
}

// quality is the weight that a language has by its parameter q, 0 to 1.
func quality(parameter string) float64 {
	name, value, given := strings.Cut(strings.TrimSpace(parameter), "=")
	if !given || !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || q < 0 || q > 1 {
		return 0
	}
	return q
}

func init() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		p := &Problem{Type: "about:blank", Status: status, Detail: message}
		switch status {
		case http.StatusRequestEntityTooLarge:
			p.Code = CodeTooLarge
		case http.StatusUnsupportedMediaType:
			p.Code = CodeMediaType
		case http.StatusInternalServerError:
			p.Code, p.Detail = CodeInternal, "" // what huma would tell is for nobody outside
		default:
			p.Code = CodeInvalid
		}
		for _, err := range errs {
			var detail huma.ErrorDetailer
			if errors.As(err, &detail) && p.Field == "" {
				d := detail.ErrorDetail() // its value is not repeated: it may be anything
				p.Field, p.Detail = strings.TrimPrefix(strings.TrimPrefix(d.Location, "body."), "query."), d.Message
			}
		}
		p.Title = kinds[p.Code].text.EN
		return p
	}
}
