#include "deploy/documents.h"

#include "broker/data_folder.h"
#include "consumers/document/html.h"
#include "consumers/document/json.h"
#include "consumers/document/list_csv.h"
#include "consumers/document/markdown.h"
#include "consumers/document/odt.h"
#include "consumers/document/pdf.h"
#include "deploy/agreements_on_record.h"

namespace moot {

Result<std::unique_ptr<Documents>> Documents::open(const Options& options, const Reach& reach) {
  const Result<Key> secret = read_secret(options.keys_folder() / "partnership.key");
  if (!secret.ok()) return secret.status();
  auto documents = std::unique_ptr<Documents>(new Documents(derive_key(*secret, "person id")));
  Result<std::unique_ptr<ReaderView>> view = ReaderView::open(documents->casebook_, options, reach);
  if (!view.ok()) return view.status();
  documents->view_ = std::move(*view);
  return documents;
}

Result<std::set<std::string>> Documents::may_not_say(const Options& options, const Reach& reach,
                                                     const Partnership& partnership) const {
  const Result<KeyFile> operators = reach.key_of(std::string(kOperator));
  if (!operators.ok()) return operators.status();
  const Result<Agreements> agreements = agreements_by(options, *operators, SystemClock().now());
  if (!agreements.ok()) return agreements.status();
  const Result<AgencyId> reader = AgencyId::parse(options.as.empty() ? std::string(kCasebook) : options.as);
  if (!reader.ok()) return reader.status();
  const std::string& purpose = options.purpose.empty() ? kMeetings : options.purpose;
  return moot::may_not_say(*agreements, {*reader, purpose}, partnership, local_date(SystemClock().now()));
}

namespace {

template <typename Document>
std::string text_of(const Document& document, const Partnership& partnership, const std::string& format) {
  if (format == "csv") return to_csv(document);
  return format == "md" ? to_markdown(document, partnership) : to_html(document, partnership);
}

}  // namespace

bool is_document_format(std::string_view format) {
  return format == "html" || format == "odt" || format == "pdf" || format == "md" || format == "csv" ||
         format == "json";
}

Result<std::string> write_document(const google::protobuf::Message& document, const Partnership& partnership,
                                   const std::string& format) {
  if (format == "json") return to_json(document);
  if (!is_document_format(format))
    return Status(Code::kUsage, "expected html, odt, pdf, md, csv or json as the format");
  if (format == "odt" || format == "pdf") {
    const Result<std::string> page = write_document(document, partnership, "html");
    if (!page.ok()) return page.status();
    return format == "odt" ? to_odt(*page) : to_pdf(*page);
  }
  if (const auto* agenda = dynamic_cast<const v1::Agenda*>(&document)) return text_of(*agenda, partnership, format);
  if (const auto* minutes = dynamic_cast<const v1::Minutes*>(&document)) return text_of(*minutes, partnership, format);
  const auto* callers = dynamic_cast<const v1::CallerList*>(&document);
  MOOT_CHECK(callers != nullptr);
  return text_of(*callers, partnership, format);
}

}  // namespace moot
