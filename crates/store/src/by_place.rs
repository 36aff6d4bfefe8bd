//! Rows whose columns are read by their place, in the order of the fields: half the price of reading them by name, which
//! shows where a call reads hundreds of values.

use sqlx::{ColumnIndex, Decode, Row, Type};

/// The columns of a row, handed out from the left.
pub(crate) struct Columns<'r, R> {
    row: &'r R,
    next: usize,
}

impl<'r, R> Columns<'r, R> {
    pub(crate) fn of(row: &'r R) -> Self {
        Self { row, next: 0 }
    }
}

/// What takes the next columns of a row.
pub(crate) trait ByPlace<'r, R>: Sized {
    fn take(columns: &mut Columns<'r, R>) -> sqlx::Result<Self>;
}

macro_rules! values {
    ($($value:ty),+) => {$(
        impl<'r, R: Row> ByPlace<'r, R> for $value
        where
            usize: ColumnIndex<R>,
            $value: Decode<'r, R::Database> + Type<R::Database>,
        {
            fn take(columns: &mut Columns<'r, R>) -> sqlx::Result<Self> {
                let place = columns.next;
                columns.next += 1;
                columns.row.try_get(place)
            }
        }
    )+};
}
values!(String, i64, bool, Option<String>, Option<i64>, Option<bool>);

/// A struct that takes its fields from a row's columns from left to right; a field may be such a struct itself.
macro_rules! by_place {
    ($(#[$about:meta])* $seen:vis struct $name:ident {
        $($(#[$note:meta])* $field_seen:vis $field:ident: $type:ty,)+
    }) => {
        $(#[$about])*
        $seen struct $name {
            $($(#[$note])* $field_seen $field: $type,)+
        }

        impl<'r, R> $crate::by_place::ByPlace<'r, R> for $name
        where
            $($type: $crate::by_place::ByPlace<'r, R>,)+
        {
            fn take(columns: &mut $crate::by_place::Columns<'r, R>) -> sqlx::Result<Self> {
                Ok(Self { $($field: $crate::by_place::ByPlace::take(columns)?,)+ })
            }
        }

        impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for $name
        where
            Self: $crate::by_place::ByPlace<'r, R>,
        {
            fn from_row(row: &'r R) -> sqlx::Result<Self> {
                $crate::by_place::ByPlace::take(&mut $crate::by_place::Columns::of(row))
            }
        }
    };
}
pub(crate) use by_place;
