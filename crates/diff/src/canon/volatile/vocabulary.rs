//! The words by which dates of update, counters and sessions are known, in the languages in which help pages are written most.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::lexer::Lexer;

/// A list of words.
pub type Words = LazyLock<HashSet<&'static str>>;
/// A list of sequences of words, each cut into its pieces.
pub type Phrases = LazyLock<Vec<Vec<String>>>;

fn words(list: &'static str) -> HashSet<&'static str> {
    list.split_whitespace().collect()
}

fn phrases(list: &'static str) -> Vec<Vec<String>> {
    let cut = |phrase| Lexer::new(phrase).map(|piece| piece.text.to_owned()).collect();
    list.split(',').map(cut).collect()
}

/// How many words the longest phrase has that the text begins with.
pub fn starts_with_any(text: &[String], phrases: &Phrases) -> Option<usize> {
    let first = text.first()?;
    let begins = |phrase: &&Vec<String>| phrase.first() == Some(first) && text.starts_with(phrase);
    phrases.iter().filter(begins).map(Vec::len).max()
}

/// What stands before the date of the last update. All words here are in lower case.
pub static UPDATES: Phrases = LazyLock::new(|| {
    phrases(
        "last updated, last updated on, last modified, last reviewed, last edited, last revised, last changed, last update, \
         last modified on, updated, updated on, updated at, date updated, date modified, modified, modified on, revised, page \
         last updated, page updated, this page was last updated, this page was last modified, this page was last edited, this \
         article was last updated, article last updated, document last updated, content last reviewed, zuletzt aktualisiert, \
         zuletzt geändert, zuletzt bearbeitet, zuletzt überprüft, letzte aktualisierung, letzte änderung, letztes update, \
         aktualisiert, aktualisiert am, geändert am, stand, stand vom, stand der information, dernière mise à jour, dernière \
         mise à jour le, mis à jour, mis à jour le, mise à jour, mise à jour le, modifié le, dernière modification, última \
         actualización, última modificación, actualizado, actualizado el, fecha de actualización, ultimo aggiornamento, \
         ultima modifica, aggiornato, aggiornato il, última atualização, última modificação, atualizado, atualizado em, \
         laatst bijgewerkt, laatst gewijzigd, bijgewerkt op, laatste update, ostatnia aktualizacja, ostatnia modyfikacja, \
         zaktualizowano, последнее обновление, последнее изменение, дата обновления, обновлено, останнє оновлення, оновлено, \
         senast uppdaterad, senast ändrad, sidst opdateret, sist oppdatert, viimeksi päivitetty, päivitetty, son güncelleme, \
         güncellenme tarihi, poslední aktualizace, naposledy aktualizováno, آخر تحديث, 最終更新, 最終更新日, 最終更新日時, 更新日, 更新日時, 最后更新, \
         最近更新, 最后更新时间, 更新时间, 更新日期, 最後更新, 更新於, 更新于, 최종 수정일, 최종 업데이트, 마지막 업데이트",
    )
});
/// What stands before the number of a session or a request.
pub static SESSIONS: Phrases =
    LazyLock::new(|| phrases("session, session id, request id, trace id, ray id, correlation id, csrf token"));
/// Names of months, also short ones.
pub static MONTHS: Words = LazyLock::new(|| {
    words(
        "january february march april may june july august september october november december jan feb mar apr jun jul aug \
         sep sept oct nov dec januar jänner februar märz mai juni juli oktober dezember mär okt dez janvier février mars \
         avril juin juillet août septembre octobre novembre décembre janv févr avr juil déc enero febrero marzo abril mayo \
         junio julio agosto septiembre setiembre octubre noviembre diciembre ene abr ago dic gennaio febbraio aprile maggio \
         giugno luglio settembre ottobre dicembre gen mag giu lug set ott janeiro fevereiro março maio junho julho setembro \
         outubro novembro dezembro fev out januari februari maart mei augustus mrt stycznia lutego marca kwietnia maja \
         czerwca lipca sierpnia września października listopada grudnia января февраля марта апреля мая июня июля августа \
         сентября октября ноября декабря січня лютого березня квітня травня червня липня серпня вересня жовтня листопада \
         грудня maj marts augusti ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık ledna února \
         března dubna května června července srpna září října listopadu prosince tammikuuta helmikuuta maaliskuuta huhtikuuta \
         toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta يناير فبراير مارس أبريل مايو \
         يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    )
});
/// Words that make an age of a number and a unit, or are one.
pub static AGES: Words = LazyLock::new(|| {
    words(
        "ago yesterday today now heute gestern vorgestern vor hier hace ayer hoy fa ieri oggi há ontem hoje atrás geleden \
         gisteren vandaag temu wczoraj dziś назад вчера сегодня тому sedan siden idag igår önce dün bugün 前 昨 今 전 어제 오늘",
    )
});
/// Units of ages. Without a word of age they are a term, such as 30 days.
pub static AGE_UNITS: Words = LazyLock::new(|| {
    words(
        "second seconds sec secs minute minutes min mins hour hours hr hrs day days week weeks month months year years \
         sekunde sekunden minuten stunde stunden tag tage tagen woche wochen monat monate monaten jahr jahre jahren seconde \
         secondes heure heures jour jours semaine semaines mois an ans segundo segundos minuto minutos hora horas día días \
         semana semanas mes meses año años secondi minuti ora ore giorno giorni settimana settimane mese mesi anno anni dia \
         dias mês ano anos uur dag dagen weken maand maanden jaar godzin godziny dni tydzień tygodni miesiąc miesięcy день \
         дня дней час часа часов неделю недели месяц месяца месяцев год года лет минут минуты минуту dagar timmar veckor gün \
         saat dakika hafta 天 小 时 時 間 分 周 週 个 個 秒 일 시간 분",
    )
});
/// Other words that stand in dates.
pub static DATE_WORDS: Words = LazyLock::new(|| {
    words(
        "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun montag dienstag mittwoch \
         donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves \
         viernes sábado domingo on at the of de del la le el il em à a às al um am den der vom op d kl st nd rd th pm m p uhr \
         h utc gmt z t cet cest est edt cst cdt mst mdt pst pdt bst ist jst about over almost just less than one an ein einem \
         einer un una une uno uma y i en в г о около 月 日 號 号 於 于 在 은 는 월 일",
    )
});
/// What is counted about a text.
pub static COUNTED: Words = LazyLock::new(|| {
    words(
        "view views viewed viewers likes upvotes votes comments comment shares replies helpful aufrufe aufrufen kommentare \
         vues vue commentaires visitas vistas comentarios visualizzazioni commenti visualizações comentários weergaven \
         reacties просмотров просмотра просмотр комментариев комментария visningar visninger wyświetleń görüntülenme 浏 览 瀏 覽 \
         閲 覧 視 聴 回 조 회",
    )
});
/// Words that stand beside it.
pub static COUNTING: Words = LazyLock::new(|| {
    words(
        "k m mio tsd mil times people person users user readers reader found find this that article page answer was is it of \
         out total and à by have has de fois veces 次 人 气 氣 数 數 수 mal leser x",
    )
});
/// Words for the time that reading takes.
pub static READING: Words = LazyLock::new(|| {
    words(
        "read reading lesezeit lesedauer lecture lectura lettura leitura leestijd чтения чтение lästid læsetid lesetid okuma \
         読 了 阅 读 閱 讀",
    )
});
/// Words that stand beside them.
pub static READ_UNITS: Words = LazyLock::new(|| {
    words(
        "min mins minute minutes minuten minuto minutos minuti minuut minuter minutter мин минут минуты минута dk dakika 分 钟 \
         鐘 で め ま す time to temps de tiempo tempo di время estimated approx about ca ungefähr durée tijd",
    )
});
